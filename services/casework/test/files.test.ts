import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { AgencyClient } from '@lienthong/client';
import { ReturnWay } from '@lienthong/contracts/casework';
import type { Officer } from '@lienthong/contracts/directory';
import { DataType } from '@lienthong/contracts/registry';
import { agency, ended, officer } from '@lienthong/reference-data/testing';
import { refusalOf } from '@lienthong/testkit';
import { consultation, dataField, holderOf, sequence, step } from '@lienthong/workflow/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fourSteps, procedure } from './support/procedures.ts';
import { type Province, sampleProvince, settle } from './support/province.ts';
import { complete, dossierOf, lodging } from './support/story.ts';
import { openWorld, type World } from './support/world.ts';

const DAY_MS = 86_400_000;
const START = '2026-01-15T01:00:00Z';
const p = sampleProvince();
const building = fourSteps();
const twice = procedure(
  sequence('s', step('du-thao', { produces: ['giay-phep'] }), step('ky', { produces: ['giay-phep'] })),
);
const asking = procedure(sequence('s', consultation('y-kien', holderOf('finance')), step('ket-luan')));
const reviewing = procedure(
  sequence('s', consultation('y-kien', holderOf('finance')), step('ket-luan', { produces: ['giay-phep'] })),
  { data: [dataField('plan', DataType.FILE), dataField('note', DataType.TEXT)] },
);
const drawing = procedure(step('xem', { performer: holderOf('land') }), {
  data: [dataField('plans', DataType.GROUP, { fields: [dataField('file', DataType.FILE)], maxRows: 3 })],
});

let world: World;
beforeAll(async () => {
  world = await openWorld({ at: START });
  await settle(world, p);
  await world.publish(building, asking, twice, drawing, reviewing);
});
afterAll(() => world.stop());

const as = (who: Officer): AgencyClient => world.as(who);
const fresh = () => randomBytes(700_000);
const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const upload = async (who: Officer, bytes: Uint8Array = fresh()) =>
  (await as(who).uploadDossierFile(bytes)).sha256;

/** Reads through the plain method; resolves to the digest of what came. */
async function open(who: Officer, sha256: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const { chunk } of as(who).dossierFiles.downloadFile({ sha256 })) hash.update(chunk);
  return hash.digest('hex');
}

/** Every text of what an agency reads of a dossier. */
async function seenBy(who: Officer, dossierId: string): Promise<string> {
  const { casework } = as(who);
  const replies = await Promise.all([casework.getDossier({ dossierId }), casework.getHistory({ dossierId })]);
  return JSON.stringify(replies, (_, value) => (typeof value === 'bigint' ? String(value) : value));
}

/** Which agencies open a file. */
async function readers(sha256: string): Promise<string[]> {
  const names: string[] = [];
  for (const name of Object.keys(p) as (keyof Province)[]) {
    const opened = await open(p[name].officer, sha256).catch((error: { reason?: string }) => error.reason);
    if (opened === sha256) names.push(name);
    else expect(opened).toBe('FILE_NOT_FOUND');
  }
  return names;
}

const paper = (sha256: string) => ({ key: 'don', name: 'Đơn đề nghị', sha256 });
const lodge = async (sha256: string, of = building) =>
  (await as(p.commune.clerk).casework.lodgeDossier(lodging(of, { papers: [paper(sha256)] }))).dossierId;
const dossiers = async () =>
  (await world.db.query<{ n: number }>({ text: 'select count(*) as n from dossier' }))[0]?.n;
const usesOf = async (dossierId: string) =>
  (
    await world.db.query<{ sha256: string }>({
      text: `select encode(sha256, 'hex') as sha256 from file_use where owner_id = $1`,
      values: [dossierId],
    })
  ).map(({ sha256 }) => sha256);

describe('papers and results are opened', () => {
  test('by the agencies that take part in the dossier, at every stop, and by no other', async () => {
    const application = await upload(p.commune.clerk);
    expect(await readers(application)).toEqual(['commune']);
    const dossierId = await lodge(application);
    expect(await readers(application)).toEqual(['commune']);
    await complete(as(p.commune.officer), dossierId, 1);
    expect(await readers(application)).toEqual(['land', 'commune']);
    await complete(as(p.land.officer), dossierId, 2, { outcome: 'dat' });
    expect(await readers(application)).toEqual(['province', 'land', 'commune']);

    const permit = await upload(p.province.officer);
    expect(await readers(permit)).toEqual(['province']);
    await complete(as(p.province.officer), dossierId, 3, {
      results: [{ key: 'giay-phep', sha256: permit }],
    });
    expect(await readers(permit)).toEqual(['province', 'land', 'commune']);
    await complete(as(p.commune.officer), dossierId, 4);
    await as(p.commune.clerk).casework.returnResult({ requestId: randomUUID(), dossierId });
    expect(await readers(permit)).toEqual(['province', 'land', 'commune']);
    expect(await readers(application)).toEqual(['province', 'land', 'commune']);
    expect((await usesOf(dossierId)).sort()).toEqual([application, permit].sort());
  });

  test('also those that data names', async () => {
    const plan = await upload(p.commune.clerk);
    const lodged = (sha256: string, of: AgencyClient) =>
      of.casework.lodgeDossier(lodging(drawing, { data: { 'plans[0].file': sha256 } }));
    const before = await dossiers();
    expect(await refusalOf(lodged('ab'.repeat(32), as(p.commune.clerk)))).toEqual({
      code: 'FAILED_PRECONDITION',
      reason: 'FILE_NOT_UPLOADED',
      violations: ['data.plans[0].file FILE_NOT_UPLOADED'],
    });
    expect(await refusalOf(lodged(plan, as(p.otherCommune.clerk)))).toMatchObject({
      reason: 'FILE_NOT_UPLOADED',
    });
    expect(await dossiers()).toBe(before);
    const { dossierId } = await lodged(plan, as(p.commune.clerk));
    expect(await usesOf(dossierId)).toEqual([plan]);
    expect(await readers(plan)).toEqual(['land', 'commune']);
  });

  test('in part, through a client that continues', async () => {
    const bytes = fresh();
    const sha256 = await upload(p.commune.clerk, bytes);
    const part = await Array.fromAsync(
      as(p.commune.officer).downloadDossierFile(sha256, { offset: 500_000, length: 100_000 }),
    );
    expect(Buffer.concat(part).equals(bytes.subarray(500_000, 600_000))).toBe(true);
  });

  test('with one refusal for an unknown digest and for a file of others', async () => {
    const sha256 = await upload(p.commune.clerk);
    const refused = async (digest: string) => {
      const call = open(p.otherCommune.head, digest);
      const error = await call.catch((caught: { details: string }) => caught.details);
      return { ...(await refusalOf(call)), error };
    };
    const unknown = await refused('ab'.repeat(32));
    expect(unknown).toMatchObject({ code: 'NOT_FOUND', reason: 'FILE_NOT_FOUND' });
    expect(await refused(sha256)).toEqual(unknown);
  });

  test("and an upload does not show another agency's upload of the same content", async () => {
    const bytes = fresh();
    const first = await as(p.commune.clerk).uploadDossierFile(bytes);
    const second = await as(p.land.officer).uploadDossierFile(bytes);
    const again = await as(p.land.officer).uploadDossierFile(bytes);
    expect([first, second, again].map(({ alreadyStored }) => alreadyStored)).toEqual([false, false, true]);
    expect(await readers(first.sha256)).toEqual(['land', 'commune']);
  });

  test('by a consulted agency until 30 days after its consultation', async () => {
    world.clock.set(START);
    const sha256 = await upload(p.commune.clerk);
    const dossierId = await lodge(sha256, asking);
    expect(await readers(sha256)).toEqual(['finance', 'commune']);
    await complete(as(p.finance.officer), dossierId, 1);
    world.clock.advance(30 * DAY_MS);
    expect(await readers(sha256)).toEqual(['finance', 'commune']);
    expect((await dossierOf(as(p.finance.officer), dossierId)).papers).toMatchObject([paper(sha256)]);
    world.clock.advance(1000);
    expect(await readers(sha256)).toEqual(['commune']);
    expect((await dossierOf(as(p.finance.officer), dossierId)).papers).toMatchObject([paper('')]);
    expect((await dossierOf(as(p.commune.officer), dossierId)).papers).toMatchObject([paper(sha256)]);
    world.clock.set(START);
  });

  test('for 90 days after a refusal, and then by the uploader only', async () => {
    const sha256 = await upload(p.commune.clerk);
    const dossierId = await lodge(sha256);
    await complete(as(p.commune.officer), dossierId, 1);
    await complete(as(p.land.officer), dossierId, 2, { outcome: 'khong-dat', note: 'Không đủ điều kiện' });
    world.clock.advance(90 * DAY_MS);
    expect(await readers(sha256)).toEqual(['land', 'commune']);
    expect(await seenBy(p.land.officer, dossierId)).toContain(sha256);
    world.clock.advance(1000);
    expect(await readers(sha256)).toEqual(['commune']);
    expect(await seenBy(p.land.officer, dossierId)).not.toContain(sha256);
    world.clock.set(START);
  });

  test('and their digests in data, results and history are shown no longer than that', async () => {
    const files = [
      await upload(p.commune.clerk),
      await upload(p.commune.clerk),
      await upload(p.commune.clerk),
    ];
    const [plan = '', newPlan = '', permit = ''] = files;
    const { dossierId } = await as(p.commune.clerk).casework.lodgeDossier(
      lodging(reviewing, {
        data: { plan, note: 'Ghi chú' },
        resultReturn: { way: ReturnWay.COUNTER, agencyId: p.otherCommune.agency.id },
      }),
    );
    const shown = async (who: Officer) => {
      const text = await seenBy(who, dossierId);
      expect(text).toContain('Ghi chú');
      return files.filter((sha256) => text.includes(sha256));
    };
    expect(await shown(p.finance.officer)).toEqual([plan]);
    expect(await shown(p.otherCommune.officer)).toEqual([]);
    await complete(as(p.finance.officer), dossierId, 1);
    world.clock.advance(30 * DAY_MS + 1000);
    await complete(as(p.commune.officer), dossierId, 2, {
      data: { plan: newPlan },
      results: [{ key: 'giay-phep', sha256: permit }],
    });
    expect(await shown(p.finance.officer)).toEqual([]);
    // The counter gives the result out now.
    expect(await shown(p.otherCommune.officer)).toEqual(files);
    expect(await shown(p.commune.officer)).toEqual(files);
    world.clock.set(START);
  });

  test('by the successor of an agency', async () => {
    const old = agency({
      code: 'H61.855.29599',
      name: 'Ủy ban nhân dân xã Cũ',
      parentId: p.district.agency.id,
    });
    const next = agency({
      code: 'H61.855.29600',
      name: 'Ủy ban nhân dân xã Mới',
      parentId: p.district.agency.id,
    });
    const clerk = officer({ agencyId: old.id, fullName: 'Đỗ Thị Cũ', roles: ['clerk'] });
    const heir = officer({ agencyId: next.id, fullName: 'Đỗ Thị Mới', roles: ['clerk'] });
    await world.announce(old, next);
    await world.appoint(clerk, heir);
    const sha256 = await upload(clerk);
    await as(clerk).casework.lodgeDossier(lodging(building, { papers: [paper(sha256)] }));
    expect(await refusalOf(open(heir, sha256))).toMatchObject({ reason: 'FILE_NOT_FOUND' });
    await world.announce(ended(old, '2026-01-01', next.id));
    expect(await open(heir, sha256)).toBe(sha256);
  });

  test('however many dossiers carry the same file', async () => {
    const blank = await upload(p.commune.clerk);
    const ids: string[] = [];
    for (let n = 0; n < 24; n += 1) ids.push(await lodge(blank, asking));
    // Finance reads through the oldest dossier only: all others are refused and their time is over.
    for (const dossierId of ids.slice(1))
      await as(p.commune.clerk).casework.withdrawDossier({
        requestId: randomUUID(),
        dossierId,
        reason: 'Công dân rút hồ sơ',
      });
    world.clock.advance(91 * DAY_MS);
    expect(await readers(blank)).toEqual(['finance', 'commune']);
    world.clock.set(START);
  });
});

describe('a digest is refused', () => {
  const refused = (...fields: string[]) => ({
    code: 'FAILED_PRECONDITION',
    reason: 'FILE_NOT_UPLOADED',
    violations: fields.map((field) => `${field} FILE_NOT_UPLOADED`),
  });

  test('in papers, when nobody or another agency uploaded it; with all fields, and nothing changes', async () => {
    const before = await dossiers();
    const own = await upload(p.commune.clerk);
    const foreign = await upload(p.otherCommune.clerk);
    const papers = [
      paper('0'.repeat(64)),
      { name: 'Bản vẽ', sha256: own },
      { name: 'Khác', sha256: foreign },
    ];
    const request = lodging(building, { papers });
    expect(await refusalOf(as(p.commune.clerk).casework.lodgeDossier(request))).toEqual(
      refused('papers[0].sha256', 'papers[2].sha256'),
    );
    expect(await dossiers()).toBe(before);
    // The same request succeeds once the files are there.
    const bytes = fresh();
    const mended = [paper(await upload(p.commune.clerk, bytes)), papers[1] ?? {}];
    const { code } = await as(p.commune.clerk).casework.lodgeDossier({ ...request, papers: mended });
    expect(code).toMatch(/^H61\.855\.29542-260115-\d{4}$/);
    expect(mended[0]).toMatchObject({ sha256: sha256Of(bytes) });
  });

  test('in results; and the task stays open', async () => {
    const application = await upload(p.commune.clerk);
    const dossierId = await lodge(application);
    await complete(as(p.commune.officer), dossierId, 1);
    await complete(as(p.land.officer), dossierId, 2, { outcome: 'dat' });
    const of = (sha256: string) => ({ results: [{ key: 'giay-phep', sha256 }] });
    const foreign = await upload(p.otherCommune.clerk);
    for (const sha256 of ['f'.repeat(64), foreign])
      expect(await refusalOf(complete(as(p.province.officer), dossierId, 3, of(sha256)))).toEqual(
        refused('results[0].sha256'),
      );
    // What the agency may read, it may use: here the dossier's own paper.
    const { openTasks } = await complete(as(p.province.officer), dossierId, 3, of(application));
    expect(openTasks).toEqual([4]);
  });

  test('in a supplement', async () => {
    const dossierId = await lodge(await upload(p.commune.clerk));
    const next = () => ({ requestId: randomUUID(), dossierId });
    const { casework } = as(p.commune.clerk);
    await as(p.commune.officer).casework.requestSupplement({ ...next(), content: 'Bản vẽ' });
    const hand = (sha256: string) =>
      casework.receiveSupplement({ ...next(), papers: [{ name: 'Bản vẽ', sha256 }] });
    expect(await refusalOf(hand(await upload(p.land.officer)))).toEqual(refused('papers[0].sha256'));
    const drawing = await upload(p.commune.officer);
    await hand(drawing);
    expect(await usesOf(dossierId)).toContain(drawing);
  });

  test('among calls that arrive together, only where it is not allowed', async () => {
    const sha256 = await upload(p.commune.clerk);
    const all = await Promise.all(
      [p.commune.clerk, p.otherCommune.clerk, p.commune.officer].map((who) =>
        as(who)
          .casework.lodgeDossier(lodging(building, { papers: [paper(sha256)] }))
          .then(() => 'lodged')
          .catch((error: { reason: string }) => error.reason),
      ),
    );
    expect(all).toEqual(['lodged', 'FILE_NOT_UPLOADED', 'lodged']);
  });
});

test('a result that is produced again takes the place of the one before, whose file is swept in time', async () => {
  const dossierId = await lodge(await upload(p.commune.clerk), twice);
  const draft = await upload(p.commune.officer);
  const signed = await upload(p.commune.officer);
  for (const [number, sha256] of [draft, signed].entries())
    await complete(as(p.commune.officer), dossierId, number + 1, { results: [{ key: 'giay-phep', sha256 }] });
  expect(await usesOf(dossierId)).toContain(signed);
  expect(await usesOf(dossierId)).not.toContain(draft);
  const unused = await world.db.query<{ sha256: string }>({
    text: `select encode(sha256, 'hex') as sha256 from file where unused_since is not null and sha256 = any($1::bytea[])`,
    values: [[draft, signed].map((one) => Buffer.from(one, 'hex'))],
  });
  expect(unused).toEqual([{ sha256: draft }]);
});
