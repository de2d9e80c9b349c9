import { Form } from '@lienthong/contracts/casework';
import { type Result, readablePhone, success } from '@lienthong/kit';
import type { Paper } from '@lienthong/paper';
import { contactLines, type PrintedApplicant, printApplicant } from '../applicant.ts';
import { type Case, notIssued } from '../case.ts';
import { type Head, headOf, lawNote, letterheadOf } from '../head.ts';

/** Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ. */
export interface SupplementRequest {
  head: Head;
  applicant: PrintedApplicant;
  request: string;
  missing: string[];
  reason: string;
  requestedBy: { name: string; agency: string; phone: string };
}

/** To be filled in by hand. */
const BLANK = '…………………………';

export function supplementRequestOf(from: Case): Result<SupplementRequest> {
  const { dossier, applicant, procedure, officerName } = from;
  const act = dossier.acts.supplement;
  if (act === undefined)
    return notIssued(
      'the supplement request',
      'no supplement was requested; the paper is issued with the request',
    );
  const atOneStop = [dossier.intake.agencyId, dossier.lodgedWith].includes(act.agency.agencyId);
  return success({
    head: headOf(from, Form.SUPPLEMENT_REQUEST, 'HDHS', act, atOneStop ? 'one-stop unit' : 'agency'),
    applicant: printApplicant(applicant),
    request: procedure.name,
    missing: itemsOf(act.content),
    reason: act.reason ?? '',
    requestedBy: {
      name: officerName(act.officerId),
      agency: act.agency.name,
      phone: readablePhone(act.phone ?? ''),
    },
  });
}

/** One item per line, without its own number: the list numbers the items. */
const itemsOf = (content: string): string[] =>
  content
    .split('\n')
    .map((line) => line.replace(/^\s*(?:\d{1,2}[.)]|[-–•+])\s+/u, '').trim())
    .filter((line) => line !== '');

export const supplementRequestPaper = ({ head, ...form }: SupplementRequest): Paper => ({
  title: `Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ ${head.code}`,
  orientation: 'portrait',
  at: head.at,
  blocks: [
    letterheadOf(head),
    { kind: 'title', text: 'PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ', note: '' },
    {
      kind: 'fields',
      lines: [
        [{ label: 'Hồ sơ của', value: form.applicant.name }],
        [{ label: 'Mã hồ sơ', value: head.code }],
        [{ label: 'Nội dung yêu cầu giải quyết', value: form.request }],
        ...contactLines(form.applicant),
        [{ label: 'Yêu cầu hoàn thiện hồ sơ gồm những nội dung sau', value: '' }],
      ],
    },
    { kind: 'list', items: form.missing },
    { kind: 'fields', lines: [[{ label: 'Lý do', value: form.reason || BLANK }]] },
    {
      kind: 'paragraph',
      runs: [
        { text: 'Thời hạn giải quyết được tính lại từ đầu sau khi cơ quan có thẩm quyền nhận đủ hồ sơ.' },
      ],
    },
    {
      kind: 'paragraph',
      runs: [
        {
          text: `Trong quá trình hoàn thiện hồ sơ, nếu có vướng mắc, ${form.applicant.salutation} liên hệ với ${contactOf(form)} để được hướng dẫn./.`,
        },
      ],
    },
    {
      kind: 'signatures',
      parties: [{ title: 'NGƯỜI HƯỚNG DẪN', hint: '(Ký và ghi rõ họ tên)', name: form.requestedBy.name }],
    },
    lawNote(head),
  ],
});

const contactOf = ({
  requestedBy: { name, agency, phone },
}: Pick<SupplementRequest, 'requestedBy'>): string =>
  [...(name === '' ? [] : [name]), agency, `số điện thoại ${phone || BLANK}`].join(', ');
