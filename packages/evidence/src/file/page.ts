import { type Paper, renderHtml } from '@lienthong/paper/html';
import { type Checkpoint, parseCheckpoint, parseNote } from '@lienthong/transparency-log';
import { digestOf, parseEvidence, type Subject } from './file.ts';
import { papersOf, type StoryLine, storyOf } from './story.ts';

/** The printable page of an evidence file, A4. It proves nothing by itself: its QR code names the file that does. */
export const evidencePage = (file: string): string => renderHtml(evidencePaper(file));

/** The same for other formats. @throws Fault when the file is malformed */
export function evidencePaper(file: string): Paper {
  const { subject, checkpoint: note, entries } = parseEvidence(file);
  const signed = parseNote(note);
  const checkpoint = parseCheckpoint(signed.text);
  const story = storyOf(entries);
  const digest = digestOf(file);
  return {
    title: `Bằng chứng ${nameOf(subject)}`,
    orientation: 'portrait',
    at: Math.max(...story.map(({ occurredAt }) => Date.parse(occurredAt))),
    blocks: [
      {
        kind: 'title',
        text: 'BẰNG CHỨNG TỪ NHẬT KÝ KIỂM TOÁN',
        note: nameOf(subject),
      },
      {
        kind: 'fields',
        lines: [
          [{ label: 'Nhật ký', value: checkpoint.origin }],
          [
            { label: 'Số lá của cây', value: String(checkpoint.size) },
            { label: 'Số lá trong tệp này', value: String(entries.length) },
          ],
          [{ label: 'Gốc của cây', value: checkpoint.root.toString('hex') }],
          [{ label: 'Người ký', value: [...new Set(signed.signatures.map(({ name }) => name))].join(', ') }],
          [{ label: 'SHA-256 của tệp bằng chứng', value: digest }],
        ],
      },
      { kind: 'qr', text: qrTextOf(digest, checkpoint), caption: CAPTION },
      storyTable(story),
      papersTable(story),
      { kind: 'note', text: NOTE },
    ],
  };
}

const CAPTION =
  'Mã QR ghi SHA-256 của tệp bằng chứng, nhật ký, số lá và gốc của cây. Trang này thuộc về đúng một tệp: tệp có SHA-256 như trên.';
const NOTE =
  'Trang in này chỉ để đọc. Tệp không gồm các lượt xem; ai đã xem có trong nhật ký kiểm toán. Chứng cứ là tệp bằng chứng kèm theo; ai cũng kiểm tra được, không cần máy chủ: lienthong verify TỆP --policy CHÍNH-SÁCH. Kết quả kiểm tra phải cho cùng SHA-256 và cùng diễn biến như trang này.';

const nameOf = (subject: Subject): string =>
  'documentId' in subject ? `Văn bản ${subject.documentId}` : `Hồ sơ ${subject.dossierCode}`;

const qrTextOf = (digest: string, { origin, size, root }: Checkpoint): string =>
  `lienthong-evidence@v1\nsha256 ${digest}\norigin ${origin}\nsize ${size}\nroot ${root.toString('hex')}`;

const storyTable = (story: readonly StoryLine[]): Paper['blocks'][number] => ({
  kind: 'table',
  caption: 'Diễn biến',
  columns: [
    { header: 'Lá', width: 1, align: 'center' },
    { header: 'Thời điểm', width: 2 },
    { header: 'Việc', width: 3 },
    { header: 'Cơ quan; cán bộ', width: 4 },
  ],
  numbered: false,
  rows: story.map(({ leaf, occurredAt, label, agencyId, officerId }) => [
    String(leaf),
    formatVietnam(occurredAt),
    label,
    [agencyId, officerId].filter((one) => one !== '').join('\n'),
  ]),
  empty: '',
  size: 'small',
});

const papersTable = (story: readonly StoryLine[]): Paper['blocks'][number] => ({
  kind: 'table',
  caption: 'Giấy tờ, tệp',
  columns: [
    { header: 'Lá', width: 1, align: 'center' },
    { header: 'Tên', width: 3 },
    { header: 'SHA-256', width: 6 },
  ],
  numbered: false,
  rows: papersOf(story).map(({ leaf, name, sha256 }) => [String(leaf), name, sha256]),
  empty: 'Không có',
  size: 'small',
});

/** 05/01/2026 08:40:00, in Vietnam, seven hours before UTC all year. */
export function formatVietnam(occurredAt: string): string {
  const local = new Date(Date.parse(occurredAt) + 7 * 3_600_000).toISOString();
  const [date = '', time = ''] = local.split('T');
  return `${date.split('-').reverse().join('/')} ${time.slice(0, 8)}`;
}
