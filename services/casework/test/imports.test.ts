import { randomBytes, randomUUID } from 'node:crypto';
import {
  type DeepPartial,
  type Dossier,
  DossierStatus,
  type ImportedDossier,
  ImportState,
  type StagedDossier,
  StatisticsGroup,
} from '@lienthong/contracts/casework';
import { Channel } from '@lienthong/contracts/registry';
import { systemClock, vietnamDate } from '@lienthong/kit';
import { childProcesses, refusalOf, refusalsOf } from '@lienthong/testkit';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { forgetImports } from '../src/store/imports.ts';
import { fourSteps } from './support/procedures.ts';
import { sampleProvince, settle } from './support/province.ts';
import { complete, dossierOf, lodging } from './support/story.ts';
import { openWorld, SEALING_KEYS, type World } from './support/world.ts';

const DAY = 86_400_000;
const WAIT = { timeout: 40_000, interval: 20 };
const p = sampleProvince();
const building = fourSteps();
const processes = childProcesses(new URL('../src/service.ts', import.meta.url), 'casework');
const system = { agencyId: p.commune.agency.id, officerId: 'mot-cua', roles: ['system' as const] };
const COMMUNE = 'H61.855.29542';

let world: World;
beforeAll(async () => {
  world = await openWorld({ clock: systemClock, processes: 2, env: { CASEWORK_CHANGE_CHECK_MS: '50' } });
  await settle(world, p);
  await world.publish(building);
});
afterEach(() => processes.killAll());
afterAll(() => world.stop());

const imports = (process = 0) => world.as(system, process).dossierImports;
const clerk = () => world.as(p.commune.clerk);

let series = 100_000;
/** Codes of one day that no other test has. */
function codes(count: number): string[] {
  series += 1;
  return Array.from({ length: count }, (_, i) => `${COMMUNE}-${series}-${String(i + 1).padStart(4, '0')}`);
}

const lodgedAt = new Date(Date.now() - 10 * DAY);
const line = (code: string, more: DeepPartial<ImportedDossier> = {}): DeepPartial<ImportedDossier> => ({
  code,
  procedureCode: building.code,
  channel: Channel.IN_PERSON,
  applicant: { fullName: 'Nguyễn Thị Mẫu', address: 'Ấp An Thạnh, xã An Bình' },
  intake: { code: COMMUNE },
  lodgedAt,
  acts: [accepted],
  ...more,
});

const accepted = {
  at: new Date(lodgedAt.getTime() + 60_000),
  act: { $case: 'accepted', value: {} },
} as const;
const paper = (sha256: string) => ({ key: 'don', name: 'Đơn đề nghị', sha256 });
/** Ids of the dossiers that carry a file. */
async function carriersOf(sha256: string): Promise<string[]> {
  const rows = await world.db.query<{ id: string }>({
    text: `select owner_id as id from file_use where sha256 = decode($1, 'hex') order by owner_id`,
    values: [sha256],
  });
  return rows.map(({ id }) => id);
}

const newImport = (system = 'Một cửa cũ') => ({ importId: randomUUID(), system });

async function stage(
  of: { importId: string; system: string },
  firstLine: number,
  dossiers: DeepPartial<ImportedDossier>[],
  process = 0,
): Promise<StagedDossier[]> {
  return (await imports(process).stageDossiers({ ...of, firstLine, dossiers })).dossiers;
}

const stateOf = async (importId: string) => (await imports().getImport({ importId })).import;
const done = (importId: string) =>
  vi.waitFor(async () => {
    const found = await stateOf(importId);
    expect(found?.state).toBe(ImportState.DONE);
    return found;
  }, WAIT);

const faultsIn = (staged: readonly StagedDossier[]) =>
  staged.flatMap(({ line, faults }) => faults.map(({ field, reason }) => `${line} ${field} ${reason}`));

async function countOf(prefix: string): Promise<number> {
  const [row] = await world.db.query<{ n: number }>({
    text: 'select count(*)::int as n from dossier where code like $1',
    values: [`${prefix}%`],
  });
  return row?.n ?? -1;
}

test('dossiers come with their history, notes and deadline, and go on here', async () => {
  const of = newImport();
  const [code = ''] = codes(1);
  const acts = [
    accepted,
    {
      at: new Date(lodgedAt.getTime() + 120_000),
      officerId: p.commune.officer.id,
      act: { $case: 'completed', value: { blockKey: 'tiep-nhan' } },
    },
  ] satisfies DeepPartial<ImportedDossier>['acts'];
  const notes = [{ at: new Date(lodgedAt.getTime() + 90_000), text: 'Công dân hẹn đến sau' }];
  const [staged] = await stage(of, 0, [line(code, { acts, notes })]);
  expect(faultsIn(staged ? [staged] : [])).toEqual([]);
  expect(staged).toMatchObject({ line: 0, code, status: DossierStatus.IN_PROGRESS });
  const { dossierId = '', trackingSecret = '' } = staged ?? {};
  expect(await refusalOf(clerk().casework.getDossier({ dossierId }))).toMatchObject({ code: 'NOT_FOUND' });

  await imports().carryOutImport({ importId: of.importId, lines: 1 });
  expect(await done(of.importId)).toMatchObject({ lines: 1, imported: 1, faulty: 0, missing: [] });
  const dossier: Dossier = await dossierOf(clerk(), dossierId);
  expect(dossier).toMatchObject({
    code,
    applicant: { fullName: 'Nguyễn Thị Mẫu' },
    holder: { code: 'H61.STNMT' },
    dueAt: staged?.dueAt,
    imported: { system: of.system, importId: of.importId, agencyId: system.agencyId },
  });
  const { entries } = await clerk().casework.getHistory({ dossierId });
  expect(entries.map(({ type, importedFrom }) => `${type.split('.').at(-1)} ${importedFrom}`)).toEqual([
    'DossierLodged Một cửa cũ',
    'TaskOpened Một cửa cũ',
    'TaskClosed Một cửa cũ',
    'DossierAccepted Một cửa cũ',
    'TaskOpened Một cửa cũ',
    ' Một cửa cũ',
    'TaskClosed Một cửa cũ',
    'TaskOpened Một cửa cũ',
    'DossierImported ',
  ]);
  expect(entries.find(({ type }) => type === '')?.text).toBe('Công dân hẹn đến sau');
  const tracked = await world.anybody.tracking.trackDossier({ code, secret: trackingSecret });
  expect(tracked.history.map(({ text }) => text)).toContain('Hồ sơ được chuyển từ hệ thống khác sang.');

  const first = dossier.tasks.at(-1)?.number ?? 0;
  await complete(world.as(p.land.officer), dossierId, first, { outcome: 'dat' });
  expect((await dossierOf(clerk(), dossierId)).holder?.code).toBe('H61');
  await complete(world.as(p.province.officer), dossierId, first + 1, {
    results: [{ key: 'giay-phep', number: '01/GPXD' }],
  });
  await complete(world.as(p.commune.officer), dossierId, first + 2);
  // The whole dossier counts, with its days there; of its steps those that were done here.
  const statistics = world.as({ ...p.province.officer, roles: ['auditor'] }).statistics;
  const period = {
    from: vietnamDate(new Date(Date.now() - DAY)),
    to: vietnamDate(new Date(Date.now() + DAY)),
  };
  const steps = await vi.waitFor(async () => {
    const { rows } = await statistics.getStatistics({ ...period, groupBy: [StatisticsGroup.STEP] });
    expect(rows).toHaveLength(3);
    return rows;
  }, WAIT);
  expect(steps.map(({ stepKey }) => stepKey).toSorted()).toEqual(['ky', 'tham-dinh', 'tra']);
  const { rows } = await statistics.getStatistics({ ...period, groupBy: [StatisticsGroup.PROCEDURE] });
  expect(rows).toMatchObject([{ procedureCode: building.code, finished: 1 }]);
  expect(rows[0]?.meanMinutes).toBeGreaterThan(60);
});

test('all of the file, or nothing: faults, gaps and a line too many are named with their lines', async () => {
  const of = newImport();
  const [a = '', b = '', c = ''] = codes(3);
  const staged = await stage(of, 0, [
    line(a),
    line('Mẫu 1', { procedureCode: '', applicant: { fullName: '' } }),
    line(a),
    line(b, { acts: [{ act: { $case: 'completed', value: { blockKey: 'x' } } }, { at: lodgedAt }] }),
  ]);
  expect(faultsIn(staged)).toMatchInlineSnapshot(`
    [
      "1 code CODE_INVALID",
      "1 procedure_code FIELD_REQUIRED",
      "1 applicant.full_name FIELD_REQUIRED",
      "2 code CODE_EXISTS",
      "3 acts[0].at FIELD_REQUIRED",
      "3 acts[1].act FIELD_REQUIRED",
    ]
  `);
  await stage(of, 5, [line(c)]);
  const refusal = await refusalOf(imports().carryOutImport({ importId: of.importId, lines: 5 }));
  expect(refusal).toMatchObject({ code: 'FAILED_PRECONDITION', reason: 'IMPORT_NOT_READY' });
  expect(refusal.violations).toMatchInlineSnapshot(`
    [
      "lines[1].code CODE_INVALID",
      "lines[1].procedure_code FIELD_REQUIRED",
      "lines[1].applicant.full_name FIELD_REQUIRED",
      "lines[2].code CODE_EXISTS",
      "lines[3].acts[0].at FIELD_REQUIRED",
      "lines[3].acts[1].act FIELD_REQUIRED",
      "lines LINES_DIFFER",
      "lines[4] LINE_MISSING",
    ]
  `);
  expect(await stateOf(of.importId)).toMatchObject({
    state: ImportState.STAGED,
    faulty: 3,
    missing: [{ from: 4, to: 5 }],
  });
  // The same call with the corrected lines carries it out.
  await stage(
    of,
    1,
    codes(4).map((code) => line(code)),
  );
  await imports().carryOutImport({ importId: of.importId, lines: 6 });
  expect(await done(of.importId)).toMatchObject({ lines: 6, imported: 6 });
  expect(await countOf(a)).toBe(1);
});

test('a code comes once: against live dossiers, other parts, and another import that is carried out', async () => {
  const live = await clerk().casework.lodgeDossier(lodging(building));
  const today = live.code.slice(0, -4);
  const of = newImport();
  const [a = ''] = codes(1);
  await stage(of, 0, [line(a)]);
  expect(faultsIn(await stage(of, 1, [line(a), line(live.code)]))).toEqual([
    '1 code CODE_EXISTS',
    '2 code CODE_EXISTS',
  ]);
  const next = `${today}9000`;
  expect(faultsIn(await stage(of, 1, [line(next)]))).toEqual([]);
  const other = newImport();
  await stage(other, 0, [line(a)]);
  const carried = await Promise.allSettled([
    imports(0).carryOutImport({ importId: of.importId, lines: 2 }),
    imports(1).carryOutImport({ importId: other.importId, lines: 1 }),
  ]);
  expect(carried.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const rest = carried[0].status === 'fulfilled' ? other : of;
  await done(rest === of ? other.importId : of.importId);
  await imports().discardImport({ importId: rest.importId });
  expect(await refusalOf(imports().getImport({ importId: rest.importId }))).toMatchObject({
    reason: 'IMPORT_UNKNOWN',
  });
  expect(await countOf(a)).toBe(1);
  const after = await clerk().casework.lodgeDossier(lodging(building));
  expect(Number(after.code.slice(-4))).toBeGreaterThan(rest === of ? 1 : 9000);
});

test('parts that are staged twice, at once and by two processes are there once', async () => {
  const of = newImport();
  const many = codes(60).map((code) => line(code));
  const request = { requestId: randomUUID(), ...of, firstLine: 0, dossiers: many.slice(0, 30) };
  const [first, again] = await Promise.all([
    imports(0).stageDossiers(request),
    imports(1).stageDossiers(request),
    stage(of, 30, many.slice(30), 1),
  ]);
  expect(again).toEqual(first);
  await Promise.all([
    imports(0).carryOutImport({ importId: of.importId, lines: 60 }),
    imports(1).carryOutImport({ importId: of.importId, lines: 60 }),
  ]);
  expect(await done(of.importId)).toMatchObject({ lines: 60, imported: 60 });
  await imports().carryOutImport({ importId: of.importId, lines: 60 });
  expect(await countOf(many[0]?.code?.slice(0, -4) ?? '')).toBe(60);
});

test('a caller who may not import is refused, and sees no import of others', async () => {
  const of = newImport();
  const [code = ''] = codes(1);
  const dossiers = [line(code)];
  const asClerk = clerk().dossierImports.stageDossiers({ ...of, firstLine: 0, dossiers });
  expect(await refusalOf(asClerk)).toMatchObject({ code: 'PERMISSION_DENIED' });
  await stage(of, 0, dossiers);
  const stranger = world.as({ ...system, agencyId: p.otherCommune.agency.id }).dossierImports;
  const refusals = await refusalsOf([
    stranger.getImport({ importId: of.importId }),
    stranger.carryOutImport({ importId: of.importId, lines: 1 }),
    stranger.discardImport({ importId: of.importId }),
    stranger.stageDossiers({ ...of, firstLine: 0, dossiers }),
  ]);
  for (const refusal of refusals)
    expect(refusal).toMatchObject({ code: 'NOT_FOUND', reason: 'IMPORT_UNKNOWN' });
  const own = await stranger.stageDossiers({ ...newImport(), firstLine: 0, dossiers });
  expect(faultsIn(own.dossiers)).toEqual(['0 intake.code INTAKE_NOT_YOURS']);
  const district = world.as({ ...system, agencyId: p.district.agency.id }).dossierImports;
  expect(
    faultsIn((await district.stageDossiers({ ...newImport(), firstLine: 0, dossiers })).dossiers),
  ).toEqual([]);
});

test('all that is wrong with a field is one fault', async () => {
  const of = newImport();
  const theirs = `${p.otherCommune.agency.identifiers[0]?.code?.code}-260105-0001`;
  const staged = await stage(of, 0, [line(theirs), line(theirs)]);
  expect(faultsIn(staged)).toEqual(['0 code CODE_NOT_YOURS', '1 code CODE_EXISTS']);
  const [, second] = staged;
  expect(second?.faults[0]?.description).toMatch(/lines\[0\].*; begins with the code of an agency/);
  const refusal = await refusalOf(imports().carryOutImport({ importId: of.importId, lines: 2 }));
  expect(refusal.violations).toEqual(['lines[0].code CODE_NOT_YOURS', 'lines[1].code CODE_EXISTS']);
});

test('bad requests name their field and change nothing; an import without lines is none', async () => {
  const of = newImport();
  const [code = ''] = codes(1);
  const violationsOf = async (call: Promise<unknown>) => (await refusalOf(call)).violations;
  expect(await violationsOf(imports().stageDossiers({ ...of, firstLine: 0, dossiers: [] }))).toEqual([
    'dossiers FIELD_REQUIRED',
  ]);
  expect(
    await violationsOf(imports().stageDossiers({ ...of, firstLine: -1, system: '', dossiers: [line(code)] })),
  ).toEqual(['system FIELD_REQUIRED', 'first_line LINE_INVALID']);
  const many = Array.from({ length: 501 }, () => ({}));
  expect(await violationsOf(imports().stageDossiers({ ...of, firstLine: 0, dossiers: many }))).toEqual([
    'dossiers TOO_MANY',
  ]);
  expect(await refusalOf(imports().carryOutImport({ importId: of.importId, lines: 1 }))).toMatchObject({
    reason: 'IMPORT_UNKNOWN',
  });
  expect(await violationsOf(imports().carryOutImport({ importId: of.importId, lines: 0 }))).toEqual([
    'lines LINE_INVALID',
  ]);
});

test('a name in either Unicode form is one name', async () => {
  const of = newImport();
  const [a = '', b = ''] = codes(2);
  const name = 'Nguyễn Thị Hường';
  const staged = await stage(of, 0, [
    line(a, { applicant: { fullName: name.normalize('NFC'), address: 'x' } }),
    line(b, { applicant: { fullName: name.normalize('NFD'), address: 'x' } }),
  ]);
  expect(faultsIn(staged)).toEqual([]);
  await imports().carryOutImport({ importId: of.importId, lines: 2 });
  await done(of.importId);
  const names = await Promise.all(
    staged.map(async ({ dossierId }) => (await dossierOf(clerk(), dossierId)).applicant?.fullName),
  );
  expect(names).toEqual([name, name]);
});

test('papers of a line are files of the importer, which the line keeps, and then its dossier', async () => {
  const at = (minutes: number) => new Date(lodgedAt.getTime() + minutes * 60_000);
  const supplemented = (sha256: string): DeepPartial<ImportedDossier>['acts'] => [
    accepted,
    { at: at(2), act: { $case: 'supplementRequested', value: { content: 'Đơn' } } },
    { at: at(3), act: { $case: 'supplementReceived', value: { papers: [paper(sha256)] } } },
  ];
  const of = newImport();
  const [a = '', b = '', c = ''] = codes(3);
  const lines = (sha256: string) => [
    line(a, { papers: [paper(sha256)] }),
    line(b, { acts: supplemented(sha256) }),
  ];
  expect(faultsIn(await stage(of, 0, lines('ab'.repeat(32))))).toEqual([
    '0 papers[0].sha256 FILE_NOT_UPLOADED',
    '1 acts[2].supplement_received.papers[0].sha256 FILE_NOT_UPLOADED',
  ]);
  const content = randomBytes(1_000);
  const strangers = await world.as(p.otherCommune.clerk).uploadDossierFile(content);
  expect(faultsIn(await stage(of, 0, lines(strangers.sha256)))).toHaveLength(2);
  const { sha256 } = await clerk().uploadDossierFile(content);
  await stage(of, 0, lines(sha256));
  const kept = (await stage(of, 0, lines(sha256))).map(({ dossierId }) => dossierId).toSorted();
  const left = newImport();
  await stage(left, 0, [line(c, { papers: [paper(sha256)] })]);
  expect(await carriersOf(sha256)).toHaveLength(3);
  await imports().discardImport({ importId: left.importId });
  expect(await carriersOf(sha256)).toEqual(kept);
  await imports().carryOutImport({ importId: of.importId, lines: 2 });
  await done(of.importId);
  expect(await carriersOf(sha256)).toEqual(kept);
  const read: Uint8Array[] = [];
  for await (const { chunk } of world.as(p.commune.officer).dossierFiles.downloadFile({ sha256 }))
    read.push(chunk);
  expect(Buffer.concat(read).equals(content)).toBe(true);
});

test('an import is forgotten 7 days after its last part, with what its lines kept', async () => {
  const [of, left] = [newImport(), newImport()];
  const [a = '', b = '', c = ''] = codes(3);
  const { sha256 } = await clerk().uploadDossierFile(randomBytes(1_000));
  await Promise.all([stage(of, 0, [line(a)]), stage(left, 0, [line(b, { papers: [paper(sha256)] })])]);
  await world.db.query({
    text: `update dossier_import set staged_at = staged_at - interval '6 days' where id = any($1)`,
    values: [[of.importId, left.importId]],
  });
  await stage(of, 1, [line(c)]);
  const [kept, forgotten] = await Promise.all([stateOf(of.importId), stateOf(left.importId)]);
  expect(Number(kept?.expiresAt) - Number(forgotten?.expiresAt)).toBeGreaterThan(5 * DAY);
  expect(await carriersOf(sha256)).toHaveLength(1);
  const count = await Array.fromAsync(forgetImports(world.db, new Date(Date.now() + 2 * DAY)));
  expect(count).toEqual([1]);
  expect(await refusalOf(imports().getImport({ importId: left.importId }))).toMatchObject({
    reason: 'IMPORT_UNKNOWN',
  });
  expect(await stateOf(of.importId)).toMatchObject({ lines: 2 });
  expect(await carriersOf(sha256)).toEqual([]);
});

test('staged applicants are resealed with a new key, and come under it', async () => {
  const of = newImport();
  const [code = ''] = codes(1);
  const [staged] = await stage(of, 0, [line(code)]);
  const next = `new:${randomBytes(32).toString('base64')}`;
  await world.restart({ LIENTHONG_SEALING_KEYS: `${next},${SEALING_KEYS}` });
  await vi.waitFor(async () => {
    const rows = await world.db.query({
      text: `select distinct sealing_key from staged_dossier where sealed <> ''`,
    });
    expect(rows).toEqual([{ sealing_key: 'new' }]);
  }, WAIT);
  // Applicants of dossiers have the first key too, before the old one goes.
  await vi.waitFor(async () => {
    const rows = await world.db.query({ text: 'select distinct sealing_key from applicant' });
    expect(rows).toEqual([{ sealing_key: 'new' }]);
  }, WAIT);
  await world.restart({ LIENTHONG_SEALING_KEYS: next });
  await imports().carryOutImport({ importId: of.importId, lines: 1 });
  await done(of.importId);
  const { applicant } = await dossierOf(clerk(), staged?.dossierId ?? '');
  expect(applicant?.fullName).toBe('Nguyễn Thị Mẫu');
  // The replies of the tests after this one are sealed with the first key again.
  await world.restart({ LIENTHONG_SEALING_KEYS: `${SEALING_KEYS},${next}` });
});

test('a process that dies between two batches and within one loses and doubles nothing', async () => {
  // Only the processes that are started here carry imports out.
  await world.restart({ CASEWORK_CHANGE_CHECK_MS: '3600000' });
  const of = newImport();
  const all = codes(600);
  for (const first of [0, 300]) {
    const part = all.slice(first, first + 300).map((code) => line(code));
    expect(faultsIn(await stage(of, first, part))).toEqual([]);
  }
  const env = { ...world.env, CASEWORK_CHANGE_CHECK_MS: '50' };
  const child = await processes.start({ stack: world.stack, env });
  await world.db.transaction(async (tx) => {
    // The third batch waits for this line.
    await tx.query({
      text: 'select line from staged_dossier where import_id = $1 and line = 450 for update',
      values: [of.importId],
    });
    // As CarryOutImport writes it; the process that a call reaches would begin by itself.
    await world.db.query({
      text: `update dossier_import set state = ${ImportState.CARRYING_OUT}, ordered_at = now() where id = $1`,
      values: [of.importId],
    });
    // Read by this session: one that is idle in a transaction would lose its lock.
    await vi.waitFor(async () => {
      const found = await tx.query<{ imported: number }>({
        text: 'select imported from dossier_import where id = $1',
        values: [of.importId],
      });
      expect(found).toEqual([{ imported: 400 }]);
    }, WAIT);
    await processes.kill(child);
  });
  expect(await stateOf(of.importId)).toMatchObject({
    state: ImportState.CARRYING_OUT,
    imported: 400,
    lines: 600,
  });
  await processes.start({ stack: world.stack, env });
  expect(await done(of.importId)).toMatchObject({ imported: 600, lines: 600 });
  expect(await countOf(all[0]?.slice(0, -4) ?? '')).toBe(600);
  const rows = await world.db.query<{ n: number }>({
    text: `select count(*)::int as n from event e join dossier d on d.id = e.aggregate_id
            where d.code = any($1) and e.type = 'lienthong.casework.v1.DossierImported'`,
    values: [all],
  });
  expect(rows[0]?.n).toBe(600);
}, 240_000);
