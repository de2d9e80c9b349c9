import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { AgencyClient } from '@lienthong/client';
import {
  ApplicantKind,
  DossierStatus,
  IdentityAssurance,
  IdentityKind,
  ReturnWay,
} from '@lienthong/contracts/casework';
import type { Officer } from '@lienthong/contracts/directory';
import type { Performer } from '@lienthong/contracts/registry';
import { agency, ended, transferred } from '@lienthong/reference-data/testing';
import { refusalOf } from '@lienthong/testkit';
import { holderOf, intake, sequence, step } from '@lienthong/workflow/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { procedure } from './support/procedures.ts';
import { type Province, sampleProvince, settle } from './support/province.ts';
import { complete, dossierOf, lodging } from './support/story.ts';
import { openWorld, type World } from './support/world.ts';

const p = sampleProvince();
const competent: Performer = { performer: { $case: 'competent', value: {} } };
const forCompetent = (fn: string): Performer => ({ performer: { $case: 'competentFunction', value: fn } });

/** Taken in anywhere, examined where the matter is, decided by the department, returned where it was taken in. */
const journey = procedure(
  sequence(
    'q',
    step('xem', { name: 'Thẩm tra', performer: competent }),
    step('duyet', { name: 'Quyết định', performer: forCompetent('land'), produces: ['giay-phep'] }),
    step('tra', { name: 'Trả kết quả', performer: intake }),
  ),
);
const atHome = procedure(step('lam', { produces: ['giay-phep'] }));
const landMatter = procedure(step('xem', { performer: competent }), { executingAgency: holderOf('land') });

let world: World;
beforeAll(async () => {
  world = await openWorld({ at: '2026-01-15T01:00:00Z', env: { CASEWORK_CHANGE_CHECK_MS: '50' } });
  await settle(world, p);
  await world.publish(journey, landMatter, atHome);
});
afterAll(() => world.stop());

const as = (who: Officer): AgencyClient => world.as(who);
const upload = async (who: Officer) => (await as(who).uploadDossierFile(randomBytes(70_000))).sha256;
const idOf = (name: keyof Province) => p[name].agency.id;

async function open(who: Officer, sha256: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const { chunk } of as(who).dossierFiles.downloadFile({ sha256 })) hash.update(chunk);
  return hash.digest('hex');
}

/** Which agencies open a file; to all others it does not exist. */
async function readers(sha256: string): Promise<string[]> {
  const names: string[] = [];
  for (const name of Object.keys(p) as (keyof Province)[]) {
    const opened = await open(p[name].officer, sha256).catch((error: { reason?: string }) => error.reason);
    if (opened === sha256) names.push(name);
    else expect(opened).toBe('FILE_NOT_FOUND');
  }
  return names;
}

const dossiers = async () =>
  (await world.db.query<{ n: number }>({ text: 'select count(*)::int as n from dossier' }))[0]?.n;
const listed = async (who: Officer) =>
  (await as(who).casework.listDossiers({})).dossiers.map(({ code }) => code);

test('a dossier lodged at one commune for a matter of another goes through a department and back', async () => {
  const application = await upload(p.commune.clerk);
  const { dossierId, code, trackingSecret } = await as(p.commune.clerk).casework.lodgeDossier(
    lodging(journey, {
      territoryAgencyId: idOf('otherCommune'),
      papers: [{ key: 'don', name: 'Đơn đề nghị', sha256: application }],
    }),
  );
  // The dossier's code and series are the intake agency's.
  expect(code).toMatch(/^H61\.855\.29542-/);
  const track = () => world.anybody.tracking.trackDossier({ code, secret: trackingSecret });
  expect(await track()).toMatchObject({
    holderName: 'Ủy ban nhân dân xã Bình Hòa Phước',
    intakeName: 'Ủy ban nhân dân xã An Bình',
    competentName: 'Ủy ban nhân dân xã Bình Hòa Phước',
  });
  expect(await readers(application)).toEqual(['commune', 'otherCommune']);
  expect(await listed(p.otherCommune.officer)).toContain(code);
  expect(await listed(p.land.officer)).not.toContain(code);

  await complete(as(p.otherCommune.officer), dossierId, 1);
  expect(await readers(application)).toEqual(['land', 'commune', 'otherCommune']);
  const permit = await upload(p.land.officer);
  expect(await readers(permit)).toEqual(['land']);
  await complete(as(p.land.officer), dossierId, 2, { results: [{ key: 'giay-phep', sha256: permit }] });
  expect(await readers(permit)).toEqual(['land', 'commune', 'otherCommune']);
  expect(await track()).toMatchObject({ holderName: 'Ủy ban nhân dân xã An Bình' });

  await complete(as(p.commune.officer), dossierId, 3);
  expect(
    await refusalOf(as(p.otherCommune.clerk).casework.returnResult({ requestId: randomUUID(), dossierId })),
  ).toMatchObject({ code: 'PERMISSION_DENIED', reason: 'NOT_THE_INTAKE' });
  await as(p.commune.clerk).casework.returnResult({ requestId: randomUUID(), dossierId });
  expect(await readers(permit)).toEqual(['land', 'commune', 'otherCommune']);
  expect(await dossierOf(as(p.otherCommune.officer), dossierId)).toMatchObject({
    status: DossierStatus.RESULT_RETURNED,
    intake: { agencyId: idOf('commune') },
    competent: { agencyId: idOf('otherCommune') },
  });
  const { entries } = await as(p.commune.officer).casework.getHistory({ dossierId });
  expect(entries[0]?.text).toBe(
    'Hồ sơ được nộp trực tiếp tại bộ phận một cửa; cơ quan có thẩm quyền giải quyết: Ủy ban nhân dân xã Bình Hòa Phước.',
  );
});

test('a result is taken at another counter, which returns it and reads it once there is one', async () => {
  const application = await upload(p.commune.clerk);
  const { dossierId, code } = await as(p.commune.clerk).casework.lodgeDossier(
    lodging(atHome, {
      applicant: {
        fullName: 'Nguyễn Thị Mẫu',
        identityKind: IdentityKind.PERSONAL_NUMBER,
        identityNumber: '086 190 000 001',
        identityAssurance: IdentityAssurance.LEVEL_2,
        hasVneid: true,
        kind: ApplicantKind.CITIZEN,
        submitter: { fullName: 'Lê Văn Được', phone: '0912 345 678', authorisation: 'Giấy ủy quyền số 12' },
      },
      papers: [{ key: 'don', name: 'Đơn đề nghị', sha256: application }],
      resultReturn: { agencyId: idOf('finance') },
    }),
  );
  const back = () => as(p.finance.clerk).casework.returnResult({ requestId: randomUUID(), dossierId });
  expect(await readers(application)).toEqual(['commune']);
  expect(await listed(p.finance.clerk)).toContain(code);
  expect((await refusalOf(back())).reason).toBe('NOT_FINISHED');
  const permit = await upload(p.commune.officer);
  await complete(as(p.commune.officer), dossierId, 1, { results: [{ key: 'giay-phep', sha256: permit }] });
  expect(await readers(permit)).toEqual(['finance', 'commune']);
  expect((await back()).standing?.status).toBe(DossierStatus.RESULT_RETURNED);
  expect(await dossierOf(as(p.finance.clerk), dossierId)).toMatchObject({
    resultReturn: { way: ReturnWay.COUNTER, place: '', agencyId: idOf('finance') },
    applicant: {
      identityNumber: '086190000001',
      identityAssurance: IdentityAssurance.LEVEL_2,
      hasVneid: true,
      submitter: { fullName: 'Lê Văn Được', phone: '+84912345678', authorisation: 'Giấy ủy quyền số 12' },
    },
  });
});

test('the competent agency reads the papers of a dossier that is only registered', async () => {
  const application = await upload(p.commune.clerk);
  const { dossierId } = await as(p.commune.clerk).casework.lodgeDossier(
    lodging(landMatter, {
      accept: false,
      papers: [{ key: 'don', name: 'Đơn đề nghị', sha256: application }],
    }),
  );
  expect(await readers(application)).toEqual(['land', 'commune']);
  // It neither holds the dossier nor takes it in.
  expect(
    await refusalOf(as(p.land.clerk).casework.acceptDossier({ requestId: randomUUID(), dossierId })),
  ).toMatchObject({ code: 'PERMISSION_DENIED', reason: 'NOT_THE_INTAKE' });
});

test('a competent agency that cannot be is refused with its field, and nothing is lodged', async () => {
  const before = await dossiers();
  const gone = agency({ code: 'H61.1', name: 'Xã Cũ', parentId: p.district.agency.id });
  await world.announce(gone);
  await world.announce(ended(gone, '2026-01-01', idOf('commune')));
  const lodge = (of: typeof journey, more: object) =>
    refusalOf(as(p.commune.clerk).casework.lodgeDossier(lodging(of, more)));
  expect(
    await Promise.all([
      lodge(landMatter, { competentAgencyId: idOf('finance') }),
      lodge(journey, { competentAgencyId: randomUUID() }),
      lodge(journey, { territoryAgencyId: gone.id }),
      lodge(journey, { competentAgencyId: 'H61' }),
      lodge(journey, { competentAgencyId: idOf('commune'), territoryAgencyId: idOf('commune') }),
    ]),
  ).toEqual([
    {
      code: 'FAILED_PRECONDITION',
      reason: 'COMPETENT_WITHOUT_FUNCTION',
      violations: ['competent_agency_id COMPETENT_WITHOUT_FUNCTION'],
    },
    {
      code: 'INVALID_ARGUMENT',
      reason: 'AGENCY_UNKNOWN',
      violations: ['competent_agency_id AGENCY_UNKNOWN'],
    },
    { code: 'INVALID_ARGUMENT', reason: 'AGENCY_ENDED', violations: ['territory_agency_id AGENCY_ENDED'] },
    { code: 'INVALID_ARGUMENT', reason: 'UUID_INVALID', violations: ['competent_agency_id UUID_INVALID'] },
    {
      code: 'INVALID_ARGUMENT',
      reason: 'FIELD_NOT_ALLOWED',
      violations: ['territory_agency_id FIELD_NOT_ALLOWED'],
    },
  ]);
  expect(await dossiers()).toBe(before);
});

test('both communes merge in mid-flight: their officers go on, and the citizen gets the result', async () => {
  const application = await upload(p.commune.clerk);
  const { dossierId, code, trackingSecret } = await as(p.commune.clerk).casework.lodgeDossier(
    lodging(journey, {
      territoryAgencyId: idOf('otherCommune'),
      papers: [{ key: 'don', name: 'Đơn đề nghị', sha256: application }],
    }),
  );
  await as(p.otherCommune.officer).casework.claimTask({ dossierId, taskNumber: 1 });

  const established = (unit: string, name: string) =>
    agency({
      code: unit,
      name: `Ủy ban nhân dân ${name}`,
      establishedOn: '2026-02-02',
      parentId: p.district.agency.id,
    });
  const [taking, solving] = [
    established('H61.29998', 'xã Bình Minh'),
    established('H61.29999', 'xã Hợp Nhất'),
  ];
  const along = (who: Officer, to: string) => transferred(who, '2026-02-02', to);
  const clerk = along(p.commune.clerk, taking.id);
  const officer = along(p.otherCommune.officer, solving.id);
  await world.announce(taking, solving);
  await world.move(clerk, along(p.commune.officer, taking.id), officer);
  await world.announce(
    ended(p.commune.agency, '2026-02-02', taking.id),
    ended(p.otherCommune.agency, '2026-02-02', solving.id),
  );
  world.clock.set('2026-02-02T01:00:00Z');
  await vi.waitFor(
    async () =>
      expect(await dossierOf(as(officer), dossierId)).toMatchObject({
        intake: { agencyId: taking.id },
        competent: { agencyId: solving.id },
        tasks: [{ agency: { agencyId: solving.id }, assigneeId: officer.id }],
      }),
    20_000,
  );
  expect(await listed(officer)).toContain(code);
  for (const who of [clerk, officer]) expect(await open(who, application)).toBe(application);
  expect(await readers(application)).not.toContain('land');

  await complete(as(officer), dossierId, 1);
  expect(await open(p.land.officer, application)).toBe(application);
  const permit = await upload(p.land.officer);
  await complete(as(p.land.officer), dossierId, 2, { results: [{ key: 'giay-phep', sha256: permit }] });
  for (const who of [clerk, officer]) expect(await open(who, permit)).toBe(permit);
  for (const stranger of ['finance', 'province', 'district'] as const)
    expect(await refusalOf(open(p[stranger].officer, permit))).toMatchObject({ reason: 'FILE_NOT_FOUND' });
  await complete(as(along(p.commune.officer, taking.id)), dossierId, 3);
  await as(clerk).casework.returnResult({ requestId: randomUUID(), dossierId });

  const hash = createHash('sha256');
  const result = { code, secret: trackingSecret, key: 'giay-phep' };
  for await (const { chunk } of world.anybody.citizenFiles.downloadResult(result)) hash.update(chunk);
  expect(hash.digest('hex')).toBe(permit);
  expect(await world.anybody.tracking.trackDossier({ code, secret: trackingSecret })).toMatchObject({
    status: DossierStatus.RESULT_RETURNED,
    intakeName: 'Ủy ban nhân dân xã Bình Minh',
    competentName: 'Ủy ban nhân dân xã Hợp Nhất',
  });
});
