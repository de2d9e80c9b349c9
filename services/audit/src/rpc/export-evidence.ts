import type { ExportEvidenceRequest } from '@lienthong/contracts/audit';
import { EVIDENCE_END, evidenceEntry, evidenceStart, type Subject } from '@lienthong/evidence';
import { type Database, field, type Refusal, refuse, reportUnder } from '@lienthong/kit';
import { nodesInTiles, proveInclusion } from '@lienthong/transparency-log';
import { z } from 'zod';
import { toRecord } from '../domain/record.ts';
import { type CheckpointRow, newestCheckpoint } from '../store/checkpoints.ts';
import { type EntryFilter, findEntries, findEntriesFrom } from '../store/find.ts';
import { readTiles, rememberTiles } from '../store/tiles.ts';
import { Audit, agencySeen, download, READS_ENTRIES } from './deps.ts';
import { notYetInTree } from './refusals.ts';

const PAGE = 256;

const KEYS = { documentId: field.uuid, dossierCode: field.text({ min: 1, max: 60 }) };

/** Violations name the chosen field, which the contract has beside the other. */
const request = z
  .object({ subject: z.custom<ExportEvidenceRequest['subject']>() })
  .transform(({ subject }, context): Subject => {
    if (subject === undefined) {
      const message = 'must name a document_id or a dossier_code';
      const params = { reason: 'FIELD_REQUIRED' };
      context.addIssue({ code: 'custom', path: ['subject'], message, params });
      return z.NEVER;
    }
    const parsed = KEYS[subject.$case].safeParse(subject.value);
    if (parsed.success) return { [subject.$case]: parsed.data } as Subject;
    reportUnder([subject.$case], parsed.error, context);
    return z.NEVER;
  });

/** Refuses: SUBJECT_UNKNOWN, NOT_YET_IN_TREE, AGENCY_REQUIRED. */
export const exportEvidence = download(Audit.exportEvidence, {
  policy: READS_ENTRIES,
  reads: 'durable',
  request,
  cost: 20,
  async *handle(subject, { caller, reads, signal }, { db, origin }) {
    const agencyId = agencySeen(caller);
    const filter: EntryFilter = {
      ...subject,
      kind: 'event',
      ...(agencyId !== undefined && { visibleTo: agencyId }),
    };
    reads.push({ ownerId: '', documentId: '', dossierCode: '', ...subject });
    const [[newest], checkpoint] = await Promise.all([
      findEntries(db, filter, undefined, 1),
      newestCheckpoint(db, origin, { published: true }),
    ]);
    if (newest === undefined) return refuse(subjectUnknown);
    if (checkpoint === undefined || newest.leaf >= checkpoint.size) return refuse(notYetInTree);
    yield { content: Buffer.from(evidenceStart(subject, checkpoint.note)) };
    let separator = '';
    for await (const entries of provedPages(db, filter, checkpoint)) {
      if (signal.aborted) return;
      yield { content: Buffer.from(separator + entries.join(',\n')) };
      separator = ',\n';
    }
    yield { content: Buffer.from(EVIDENCE_END) };
  },
});

/** Entries as the file has them, in the order of the log. */
async function* provedPages(
  db: Database,
  filter: EntryFilter,
  { size }: CheckpointRow,
): AsyncGenerator<string[]> {
  const nodes = nodesInTiles(rememberTiles(readTiles(db)), size);
  for (let from = 0; ; ) {
    const rows = await findEntriesFrom(db, filter, { from, before: size, limit: PAGE });
    const page: string[] = [];
    for (const row of rows) {
      const { leaf: index, salt, payload } = row;
      const proof = await proveInclusion(nodes, index, size);
      page.push(evidenceEntry({ index, record: toRecord(row), content: { salt, payload }, proof }));
    }
    if (page.length > 0) yield page;
    if (rows.length < PAGE) return;
    from = (rows.at(-1)?.leaf ?? size) + 1;
  }
}

const subjectUnknown: Refusal = {
  kind: 'not-found',
  reason: 'SUBJECT_UNKNOWN',
  message: 'no event that your agency may see is about this document or dossier',
};
