import { NumberSeriesSet } from '@lienthong/contracts/routing';
import type { NewEvent } from '@lienthong/eventlog';
import { type AuditRecord, commit, entryOf, verifyExport } from '@lienthong/evidence';
import {
  decodeEntries,
  formatProof,
  leafHash,
  nodesInTiles,
  openCheckpoint,
  parseProof,
  proveInclusion,
  type ReadTiles,
  readVerifier,
  rootAt,
  tilePath,
  verifyProof,
} from '@lienthong/transparency-log';
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

const COUNT = 700;
let world: AuditWorld;
const policy = () => ({ origin: ORIGIN, log: [readVerifier(world.verifierKey)], witnesses: [], quorum: 0 });
const recordOf = (bytes: Uint8Array): AuditRecord => JSON.parse(Buffer.from(bytes).toString());

beforeAll(async () => {
  world = await auditWorld();
  await world.publish(...events(COUNT));
  await world.covered(COUNT);
});
afterAll(() => world.stop());

/** Tiles as anybody reads them: over HTTP. */
const tilesByHttp: ReadTiles = (ids) =>
  Promise.all(ids.map(async (id) => (await world.http(`/${tilePath(id)}`)).body));

test('the proof of every entry verifies without the service, and no other entry with it', async () => {
  const reader = await client(world, auditor);
  for (const index of [0, 1, 255, 256, 511, 600, COUNT - 1]) {
    const { record, salt, payload, proof } = await reader.getProof({
      entry: { $case: 'index', value: BigInt(index) },
    });
    const shown = recordOf(record);
    expect(shown).toMatchObject({ source: 'directory', aggregateVersion: shown.position, agencyId });
    expect(commit(payload, salt)).toBe(shown.payload);
    expect(verifyProof(parseProof(proof), entryOf(shown), policy()).size).toBeGreaterThanOrEqual(COUNT);
    expect(() =>
      verifyProof(parseProof(proof), entryOf({ ...shown, position: shown.position + 1 }), policy()),
    ).toThrow(`the entry is not leaf ${index}`);
  }
});

test('an entry is found by its event and by its position too', async () => {
  const reader = await client(world, auditor);
  const { entries } = await reader.listEntries({ filter: { agencyId }, pageSize: 1 });
  const [newest] = entries;
  const by = [
    { $case: 'eventId', value: newest?.eventId ?? '' },
    { $case: 'position', value: { source: 'directory', position: newest?.position ?? 0n } },
    { $case: 'index', value: newest?.index ?? -1n },
  ] as const;
  const proofs = [];
  for (const entry of by) proofs.push((await reader.getProof({ entry })).index);
  expect(proofs).toEqual(by.map(() => BigInt(COUNT - 1)));
});

test('an entry that is not there, and none at all, are refused', async () => {
  const reader = await client(world, auditor);
  const unknown = { code: Status.NOT_FOUND };
  await expect(reader.getProof({ entry: { $case: 'index', value: 10_000n } })).rejects.toMatchObject(unknown);
  await expect(
    reader.getProof({ entry: { $case: 'eventId', value: crypto.randomUUID() } }),
  ).rejects.toMatchObject(unknown);
  for (const [entry, name] of [
    [undefined, 'entry:'],
    [{ $case: 'index', value: -1n }, 'index:'],
    [{ $case: 'eventId', value: 'x' }, 'event_id:'],
    [{ $case: 'position', value: { source: 'feed', position: -1n } }, 'position.position:'],
  ] as const)
    await expect(reader.getProof({ entry })).rejects.toMatchObject({
      code: Status.INVALID_ARGUMENT,
      details: expect.stringContaining(name),
    });
});

test('the tiles give the signed root, the entries and any proof', async () => {
  const note = (await world.http('/checkpoint')).body.toString();
  const { size, root } = openCheckpoint(note, policy());
  const nodes = nodesInTiles(tilesByHttp, size);
  expect(await rootAt(nodes, size)).toEqual(root);
  const { body } = await world.http('/tile/entries/001');
  const [entry] = decodeEntries(body);
  const proof = formatProof({
    extra: undefined,
    index: 256,
    hashes: await proveInclusion(nodes, 256, size),
    checkpoint: note,
  });
  expect(verifyProof(parseProof(proof), entry as Buffer, policy()).size).toBe(size);
  expect((await world.http('/tile/0/001')).body.subarray(0, 32)).toEqual(leafHash(entry as Buffer));
});

test('HTTP says what may be kept, and has nothing else', async () => {
  const newest = await world.http('/checkpoint');
  expect(newest.headers.get('cache-control')).toBe('no-cache');
  const { size } = openCheckpoint(newest.body, policy());
  const tile = await world.http('/tile/0/000');
  expect(tile.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(tile.body).toHaveLength(256 * 32);
  expect((await world.http('/tile/0/000.p/7')).body).toEqual(tile.body.subarray(0, 7 * 32));
  expect((await world.http('/keys')).body.toString()).toBe(`${world.verifierKey}\n`);
  expect((await world.http(`/checkpoint/${size}`)).body).toEqual(newest.body);
  for (const path of [
    '/',
    '/checkpoint/0',
    '/tile/0/100',
    '/tile/0/000.p/0',
    '/tile/0/00',
    '/tile/0/999.p/3',
    '/keys?x',
  ])
    expect((await world.http(path)).status, path).toBe(404);
  expect((await world.http('/checkpoint', { method: 'POST', body: 'x' })).status).toBe(405);
  const head = await world.http('/tile/0/000', { method: 'HEAD' });
  expect([head.body.length, head.headers.get('content-length')]).toEqual([0, String(256 * 32)]);
});

test('an export is read by the verifier, in whole and in part', async () => {
  const reader = await client(world, auditor);
  async function exported(from: number, to: number): Promise<AsyncIterable<string>> {
    const parts: Uint8Array[] = [];
    for await (const { content } of reader.exportEntries({ from: BigInt(from), to: BigInt(to) }))
      parts.push(content);
    const lines = Buffer.concat(parts).toString().trimEnd().split('\n');
    return (async function* () {
      yield* lines;
    })();
  }
  const whole = await verifyExport(await exported(0, 0), { policy: policy() });
  expect(whole).toMatchObject({ from: 0, to: whole.checkpoint.size });
  expect(await verifyExport(await exported(250, 600), { policy: policy() })).toMatchObject({
    from: 250,
    to: 600,
  });
  await expect(exported(1, COUNT * 2)).rejects.toMatchObject({ code: Status.UNAVAILABLE });
  await expect(exported(5, 4)).rejects.toMatchObject({ code: Status.INVALID_ARGUMENT });
});

test('sources that write at once get leaves without gaps, and each entry one', async () => {
  const { size: before } = await world.checkpoint();
  const series = crypto.randomUUID();
  const set = Array.from(
    { length: 300 },
    (_, n): NewEvent => ({
      type: 'lienthong.routing.v1.NumberSeriesSet',
      payload: NumberSeriesSet.fromPartial({}),
      aggregateId: series,
      version: n + 1,
      agencyCode: 'H61',
      agencyId,
    }),
  );
  await Promise.all([world.publishAndWait(...events(300, COUNT + 1)), world.publishAndWait(...set)]);
  await world.covered(before + 600);
  const rows = await world.db.query<{ leaf: number; source: string; position: number; part: number }>({
    text: 'select leaf, source, position, part from entry order by leaf',
  });
  expect(rows.map(({ leaf }) => leaf)).toEqual(rows.map((_, n) => n));
  // The source "audit" has the reads of these tests.
  for (const [source, atLeast] of [
    ['directory', COUNT + 300],
    ['routing', 300],
    ['audit', 1],
  ] as const) {
    const positions = rows
      .filter((row) => row.source === source && row.part === 0)
      .map(({ position }) => position);
    expect(positions).toEqual(positions.map((_, n) => n + 1));
    expect(positions.length).toBeGreaterThanOrEqual(atLeast);
  }
});

test('what no checkpoint covers yet is refused with a delay', async () => {
  await world.restart({ AUDIT_CHECKPOINT_MS: '60000' });
  const version = 2 * COUNT;
  await world.publishAndWait(ended(crypto.randomUUID(), 1, { dossierCode: `H61-${version}` }));
  const reader = await client(world, auditor);
  const { entries } = await reader.listEntries({ filter: { dossierCode: `H61-${version}` } });
  await expect(
    reader.getProof({ entry: { $case: 'index', value: entries[0]?.index ?? -1n } }),
  ).rejects.toMatchObject({
    code: Status.UNAVAILABLE,
    details: expect.stringContaining('no published checkpoint'),
  });
  await world.restart();
  await world.covered(Number(entries[0]?.index) + 1);
});
