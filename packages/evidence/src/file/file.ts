import { hash as digest } from 'node:crypto';
import {
  type Hash,
  leafHash,
  type OpenedCheckpoint,
  openCheckpoint,
  type Policy,
  verifyInclusion,
} from '@lienthong/transparency-log';
import { z } from 'zod';
import {
  contentFault,
  entryFrom,
  entryJson,
  entryMembers,
  hash,
  type LoggedEntry,
  parseJson,
} from '../entry.ts';
import { Fault, faultOf, malformed } from '../fault.ts';
import { entryOf } from '../record.ts';

export const EVIDENCE_FORMAT = 'lienthong-evidence@v1';

/** What a file is evidence of. */
export type Subject = { documentId: string } | { dossierCode: string };

export interface ProvedEntry extends LoggedEntry {
  /** The audit path of the leaf to the root of the file's checkpoint. */
  proof: readonly Hash[];
}

export interface Evidence {
  subject: Subject;
  /** The signed note with its cosignatures. */
  checkpoint: string;
  /** By index. */
  entries: readonly ProvedEntry[];
}

export interface VerifiedEvidence extends Omit<Evidence, 'checkpoint'> {
  checkpoint: OpenedCheckpoint;
  /** SHA-256 of the file, in hex: what its printed page shows. */
  digest: string;
}

const evidence = z.strictObject({
  format: z.literal(EVIDENCE_FORMAT),
  subject: z.union([
    z.strictObject({ documentId: z.uuid() }),
    z.strictObject({ dossierCode: z.string().min(1) }),
  ]),
  checkpoint: z.string(),
  entries: z.array(z.strictObject({ ...entryMembers, proof: z.array(hash) })).min(1),
});

/** The file: everything that somebody without the platform needs, except whom to trust. */
export const evidenceFile = ({ subject, checkpoint, entries }: Evidence): string =>
  evidenceStart(subject, checkpoint) + entries.map(evidenceEntry).join(',\n') + EVIDENCE_END;

/** The file in parts, for a writer that does not hold it whole: the start, entries with `,\n` between them, the end. */
export const evidenceStart = (subject: Subject, checkpoint: string): string =>
  `{"format":${JSON.stringify(EVIDENCE_FORMAT)},\n"subject":${JSON.stringify(subject)},\n"checkpoint":${JSON.stringify(checkpoint)},\n"entries":[\n`;

export const evidenceEntry = ({ proof, ...entry }: ProvedEntry): string =>
  JSON.stringify({ ...entryJson(entry), proof: proof.map((one) => one.toString('base64')) });

export const EVIDENCE_END = '\n]}\n';

export const digestOf = (file: string): string => digest('sha256', file);

/** @throws Fault of the first leaf that is not as the log has it */
export function verifyEvidence(file: string, policy: Policy): VerifiedEvidence {
  const { subject, checkpoint: note, entries } = parseEvidence(file);
  const checkpoint = faultOf(
    () => openCheckpoint(note, policy),
    'CHECKPOINT_REFUSED',
    'Điểm kiểm tra không đáng tin',
  );
  let last = -1;
  for (const entry of entries) {
    if (entry.index <= last)
      throw malformed(
        `lá ${entry.index} đứng sau lá ${last}`,
        `leaf ${entry.index} comes after leaf ${last}`,
      );
    last = entry.index;
    checkEntry(entry, subject, checkpoint);
  }
  return { subject, checkpoint, entries, digest: digestOf(file) };
}

/** The members of a file; nothing in it is believed yet. @throws Fault */
export function parseEvidence(file: string): Evidence {
  const { format: _, ...members } = parseJson(evidence, file, 'tệp/file');
  return {
    ...members,
    entries: members.entries.map(({ proof, ...entry }) => ({ ...entryFrom(entry), proof })),
  };
}

function checkEntry(entry: ProvedEntry, subject: Subject, { size, root }: OpenedCheckpoint): void {
  const { index: leaf, record, proof } = entry;
  const about =
    'documentId' in subject
      ? record.documentId === subject.documentId
      : record.dossierCode === subject.dossierCode;
  if (!about)
    throw new Fault('SUBJECT_DIFFERENT', {
      vi: `Lá ${leaf} nói về văn bản hoặc hồ sơ khác`,
      en: `Leaf ${leaf} is about another document or dossier`,
      leaf,
    });
  if (!verifyInclusion(leafHash(entryOf(record)), leaf, size, proof, root))
    throw new Fault('PROOF_FALSE', {
      vi: `Lá ${leaf}: bản ghi không có trong cây ${size} lá đã ký, hoặc không ở vị trí này`,
      en: `Leaf ${leaf}: the signed tree of ${size} leaves does not have the record at this place`,
      leaf,
    });
  const fault = contentFault(entry);
  if (fault) throw fault;
}
