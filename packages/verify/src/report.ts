import { Fault, gapsOf, papersOf, storyOf } from '@lienthong/evidence';
import { printable } from './printable.ts';
import type { DocumentSignature } from './signatures.ts';
import type { Verified } from './verify.ts';

/** The result as files have it. */
export interface Report {
  ok: boolean;
  subject?: Verified['subject'];
  reason?: Fault['reason'];
  /** The first bad leaf. */
  leaf?: number;
  vi: string;
  en: string;
  checkpoint?: {
    origin: string;
    size: number;
    root: string;
    cosignatures: readonly { witness: string; at: string }[];
  };
  leaves?: number;
  signatures?: Verified['signatures'];
  evidence?: {
    digest: string;
    subject: object;
    story: ReturnType<typeof storyOf>;
    papers: ReturnType<typeof papersOf>;
    gaps: ReturnType<typeof gapsOf>;
  };
}

/** A Fault is a result; everything else is thrown. */
export async function reportOf(verifying: Promise<Verified>): Promise<Report> {
  try {
    return believed(await verifying);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { reason, leaf, vi, message: en } = error;
    return { ok: false, reason, ...(leaf !== undefined && { leaf }), vi, en };
  }
}

const WORDS: Record<Verified['subject'], [vi: string, en: string]> = {
  evidence: ['tệp bằng chứng', 'the evidence file'],
  export: ['bản xuất', 'the export'],
  proof: ['chứng minh', 'the proof'],
  checkpoints: ['hai điểm kiểm tra', 'the checkpoints'],
};

function believed({ subject, checkpoint, leaves, evidence, signatures }: Verified): Report {
  const { origin, size, root } = checkpoint;
  const cosignatures = checkpoint.cosignatures.map(({ witness, seconds }) => ({
    witness,
    at: new Date(seconds * 1000).toISOString(),
  }));
  const [vi, en] = WORDS[subject];
  const of = `${origin}, ${size}`;
  return {
    ok: true,
    subject,
    vi: `${vi} khớp với nhật ký ${of} lá${leaves > 0 ? `; đã kiểm tra ${leaves} lá` : ''}; ${cosignatures.length} nhân chứng`,
    en: `${en} agrees with the log ${of} leaves${leaves > 0 ? `; ${leaves} leaves verified` : ''}; ${cosignatures.length} witnesses`,
    checkpoint: { origin, size, root: root.toString('base64'), cosignatures },
    leaves,
    signatures,
    ...(evidence && { evidence: shown(evidence) }),
  };
}

function shown({ digest, subject, entries }: NonNullable<Verified['evidence']>): Report['evidence'] {
  const story = storyOf(entries);
  return { digest, subject, story, papers: papersOf(story), gaps: gapsOf(entries) };
}

/** For people: Vietnamese first. */
export function formatReport({ ok, vi, en, evidence, signatures = [] }: Report): string {
  const lines = ok ? [`ĐÚNG: ${vi}`, `GOOD: ${en}`] : [`SAI: ${vi}`, `BAD: ${en}`];
  if (evidence) {
    const { digest, subject, story, papers, gaps } = evidence;
    lines.push('', `SHA-256 ${digest}`, Object.values(subject).join(' '));
    for (const { leaf, occurredAt, label, agencyId, officerId } of story)
      lines.push(
        `${String(leaf).padStart(10)}  ${occurredAt}  ${printable(`${label}  ${agencyId}  ${officerId}`)}`,
      );
    for (const { sha256, name } of papers) lines.push(`${sha256}  ${printable(name)}`);
    for (const { aggregateId, versions } of gaps)
      lines.push(
        `Không có trong tệp / not in the file: ${printable(aggregateId)}, ${versions.length > 10 ? `${versions.slice(0, 10).join(', ')}…` : versions.join(', ')}`,
      );
  }
  for (const { leaf, role, certificate, trustedBy } of signatures)
    lines.push(
      `${String(leaf).padStart(10)}  ${ROLES[role]}: ${certificate ? `${printable(`${certificate.subject}  ${certificate.fingerprint}`)}${trustedBy === 'REGISTRATION' ? BY_REGISTRATION : ''}` : 'chưa kiểm tra, cần --signers / not checked, --signers is needed'}`,
    );
  return lines.join('\n');
}

const BY_REGISTRATION =
  '  (chỉ đăng ký trong danh bạ theo nhật ký / only registered in the directory, by the log)';

const ROLES: Record<DocumentSignature['role'], string> = {
  UNSPECIFIED: 'Chữ ký số / signature',
  COMPETENT_PERSON: 'Chữ ký số của người có thẩm quyền / signature of the competent person',
  AGENCY: 'Chữ ký số của cơ quan / signature of the agency',
};
