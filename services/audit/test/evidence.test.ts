import { ReadsRecorded } from '@lienthong/contracts/audit';
import { type Evidence, parseEvidence, verifyEvidence } from '@lienthong/evidence';
import { readVerifier } from '@lienthong/transparency-log';
import { Status } from 'nice-grpc';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type AuditWorld,
  agencyId,
  auditor,
  auditWorld,
  client,
  ended,
  events,
  ORIGIN,
} from './support/world.ts';

const documentId = '018f0000-0000-7000-8000-00000000d0c1';
const dossierCode = 'H61.29542-260105-0001';
const other = '018f0000-0000-7000-8000-0000000000b2';
const ABOUT = 300;
let world: AuditWorld;
const policy = () => ({ origin: ORIGIN, log: [readVerifier(world.verifierKey)], witnesses: [], quorum: 0 });

beforeAll(async () => {
  world = await auditWorld();
  await world.publish(
    // More than a page of entries about the document, with others between them.
    ...Array.from({ length: ABOUT }, (_, n) => [
      ended(agencyId, 2 * n + 1, { documentId }),
      ended(agencyId, 2 * n + 2),
    ]).flat(),
    ended(other, 1, { documentId, dossierCode }),
    ...events(10, 2 * ABOUT + 1),
  );
  await world.covered(2 * ABOUT + 11);
});
afterAll(() => world.stop());

type Subject = Evidence['subject'];

async function fileOf(subject: Subject | undefined, caller = auditor): Promise<string> {
  const named =
    subject === undefined
      ? undefined
      : 'documentId' in subject
        ? ({ $case: 'documentId', value: subject.documentId } as const)
        : ({ $case: 'dossierCode', value: subject.dossierCode } as const);
  const parts: Uint8Array[] = [];
  for await (const { content } of (await client(world, caller)).exportEvidence({ subject: named }))
    parts.push(content);
  return Buffer.concat(parts).toString();
}

test('the evidence of a document has every entry about it, each proved to one checkpoint', async () => {
  const { subject, entries } = verifyEvidence(await fileOf({ documentId }), policy());
  expect(subject).toEqual({ documentId });
  expect(entries.map(({ index }) => index)).toEqual(
    [...Array(ABOUT).keys()].map((n) => 2 * n).concat(2 * ABOUT),
  );
});

test('the evidence of a dossier is found by its code', async () => {
  const { subject, entries } = verifyEvidence(await fileOf({ dossierCode }), policy());
  expect(subject).toEqual({ dossierCode });
  expect(entries.map(({ index }) => index)).toEqual([2 * ABOUT]);
});

test('an agency gets what it did and what concerns it', async () => {
  const of = (id: string) => fileOf({ documentId }, { agencyId: id, officerId: 'văn thư', roles: ['clerk'] });
  expect(parseEvidence(await of(other)).entries.map(({ index }) => index)).toEqual([2 * ABOUT]);
  await expect(of('018f0000-0000-7000-8000-0000000000c3')).rejects.toMatchObject({ code: Status.NOT_FOUND });
});

test('the export of evidence is itself on record before its first byte', async () => {
  await fileOf({ dossierCode });
  const rows = await world.db.query<{ payload: Buffer }>({
    text: `select payload from event where type = 'lienthong.audit.v1.ReadsRecorded'`,
  });
  const reads = rows.flatMap(({ payload }) => ReadsRecorded.decode(payload).reads);
  expect(
    reads.filter((read) => JSON.stringify(ReadsRecorded.toJSON({ reads: [read] })).includes(dossierCode)),
  ).not.toEqual([]);
});

test.each([
  [{ documentId: crypto.randomUUID() }, Status.NOT_FOUND, 'no event'],
  [{ documentId: 'x' }, Status.INVALID_ARGUMENT, 'document_id: must be a UUID'],
  [{ dossierCode: '' }, Status.INVALID_ARGUMENT, 'dossier_code: must not be empty'],
  [undefined, Status.INVALID_ARGUMENT, 'subject: must name a document_id or a dossier_code'],
])('of %j is refused', async (subject, code, words) => {
  await expect(fileOf(subject as Subject)).rejects.toMatchObject({
    code,
    details: expect.stringContaining(words),
  });
});

test('an entry that a database administrator changed is named', async () => {
  const before = await fileOf({ dossierCode });
  const change = (to: string) =>
    world.db.transaction(async (tx) => {
      tx.send({ text: 'alter table entry disable trigger entry_append_only' });
      tx.send({ text: 'update entry set actor_officer_id = $1 where leaf = $2', values: [to, 2 * ABOUT] });
      tx.send({ text: 'alter table entry enable trigger entry_append_only' });
    });
  await change('người khác');
  const after = await fileOf({ dossierCode });
  expect(after).not.toBe(before);
  expect(() => verifyEvidence(after, policy())).toThrow(`the signed tree of`);
  expect(verifyEvidence(before, policy()).entries).toHaveLength(1);
});
