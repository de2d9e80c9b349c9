import { randomBytes, randomUUID } from 'node:crypto';
import { Applicant, type DeepPartial } from '@lienthong/contracts/casework';
import type { Officer } from '@lienthong/contracts/directory';
import { createSealer } from '@lienthong/kit';
import { refusalOf } from '@lienthong/testkit';
import { step } from '@lienthong/workflow/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { sealApplicant } from '../src/store/applicants.ts';
import { procedure } from './support/procedures.ts';
import { sampleProvince, settle } from './support/province.ts';
import { dossierOf, lodging } from './support/story.ts';
import { openWorld, type World } from './support/world.ts';

const WAIT = 20_000;
const p = sampleProvince();
const single = procedure(step('mot'));
const MAU = {
  fullName: 'Nguyễn Thị Mẫu',
  address: 'Ấp An Thạnh',
  identityNumber: '086190000001',
  phone: '+84901234567',
  email: 'mau@example.vn',
};

let world: World;
/** The service's sealing keys, the first first. */
let keys: string[];
const newKey = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;
const restartWith = (...given: string[]) => {
  keys = given;
  return world.restart({ LIENTHONG_SEALING_KEYS: keys.join(',') });
};

beforeAll(async () => {
  keys = [newKey('test')];
  const env = { CASEWORK_RESEAL_CHECK_MS: '86400000', LIENTHONG_SEALING_KEYS: keys.join(',') };
  world = await openWorld({ env });
  await settle(world, p);
  await world.publish(single);
});
afterAll(() => world.stop());
beforeEach(async () => {
  for (const table of ['participant', 'applicant', 'dossier'])
    await world.db.query({ text: `delete from ${table}` });
});

const lodge = async (applicant: DeepPartial<Applicant>, by: Officer = p.commune.clerk) =>
  world.as(by).casework.lodgeDossier(lodging(single, { applicant: { ...MAU, ...applicant } }));
const find = async (filter: { identityNumber?: string; phone?: string }, by: Officer = p.commune.officer) =>
  (await world.as(by).casework.listDossiers(filter)).dossiers.map(({ code }) => code);
const rows = (text: string) =>
  world.db.query<{ n: number }>({ text: `select count(*)::int as n from ${text}` });
const count = async (text: string) => (await rows(text))[0]?.n;

describe('dossiers are found', () => {
  test('by the whole number and the telephone, however they are written', async () => {
    const { code } = await lodge({});
    const other = await lodge({ identityNumber: '086190000002', phone: '0909 000 000' });
    for (const identityNumber of ['086190000001', '086 190 000 001', '086.190.000.001'])
      expect(await find({ identityNumber })).toEqual([code]);
    for (const phone of ['0901 234 567', '+84901234567']) expect(await find({ phone })).toEqual([code]);
    expect(await find({ identityNumber: '086190000001', phone: '0901234567' })).toEqual([code]);
    expect(await find({ identityNumber: '086190000001', phone: '0909000000' })).toEqual([]);
    expect(await find({ identityNumber: '08619000000' })).toEqual([]);
    // A telephone number is not an identity number.
    expect(await find({ identityNumber: '0901234567' })).toEqual([]);
    expect(await find({})).toEqual([other.code, code]);
  });

  test('by those of the submitter', async () => {
    const submitter = { fullName: 'Lê Văn Được', identityNumber: 'C1234567', phone: '0912 345 678' };
    const { code } = await lodge({ submitter });
    expect(await find({ identityNumber: 'c1234567' })).toEqual([code]);
    expect(await find({ phone: '0912345678' })).toEqual([code]);
  });

  test('only by agencies that take part', async () => {
    const own = await lodge({});
    const foreign = await lodge({}, p.otherCommune.clerk);
    expect(await find({ identityNumber: MAU.identityNumber })).toEqual([own.code]);
    expect(await find({ phone: MAU.phone }, p.otherCommune.officer)).toEqual([foreign.code]);
    expect(await find({ phone: MAU.phone }, p.land.officer)).toEqual([]);
  });

  test('with the other filters and page by page', async () => {
    const codes: string[] = [];
    for (let i = 0; i < 3; i += 1) codes.unshift((await lodge({})).code);
    const { casework } = world.as(p.commune.officer);
    const first = await casework.listDossiers({ phone: MAU.phone, pageSize: 2 });
    const next = { phone: MAU.phone, pageSize: 2, pageToken: first.nextPageToken };
    const second = await casework.listDossiers(next);
    expect([...first.dossiers, ...second.dossiers].map(({ code }) => code)).toEqual(codes);
    expect((await casework.listDossiers({ phone: MAU.phone, procedureCode: '9.999999' })).dossiers).toEqual(
      [],
    );
    expect((await casework.listDossiers({ phone: MAU.phone, text: 'mau' })).dossiers).toHaveLength(3);
  });
});

describe('at rest', () => {
  test('numbers and contacts are in no row in clear', async () => {
    const submitter = { fullName: 'Lê Văn Được', identityNumber: 'C1234567', phone: '0912 345 678' };
    const { dossierId } = await lodge({ submitter });
    const kept = await world.db.query<{ row: string }>({
      text: `select to_jsonb(a)::text as row from applicant a union all select to_jsonb(d)::text from dossier d
             union all select encode(payload, 'escape') from event`,
    });
    const text = kept.map(({ row }) => row).join('\n');
    for (const secret of ['086190000001', '901234567', 'mau@example.vn', 'C1234567', '912345678', 'Được'])
      expect(text).not.toContain(secret);
    expect((await dossierOf(world.as(p.commune.clerk), dossierId)).applicant).toMatchObject({
      ...MAU,
      submitter: { fullName: 'Lê Văn Được', identityNumber: 'C1234567', phone: '+84912345678' },
    });
  });

  test('what was kept in clear is sealed after the start, and found', async () => {
    const { dossierId, code } = await lodge({});
    const record = JSON.stringify(Applicant.toJSON(Applicant.fromPartial(MAU)));
    await world.db.query({
      text: `update applicant set record = $1, sealed = null, lookup = '{}'`,
      values: [record],
    });
    expect((await dossierOf(world.as(p.commune.clerk), dossierId)).applicant).toMatchObject(MAU);
    await restartWith(...keys);
    await vi.waitFor(async () => expect(await count('applicant where sealed is null')).toBe(0), WAIT);
    expect(await count(`applicant where record like '%086190000001%'`)).toBe(0);
    expect(await find({ identityNumber: MAU.identityNumber })).toEqual([code]);
    expect((await dossierOf(world.as(p.commune.clerk), dossierId)).applicant).toMatchObject(MAU);
  });

  test('a new key seals and finds everything, until the old one can be removed', async () => {
    const codes: string[] = [];
    for (let i = 0; i < 3; i += 1) codes.unshift((await lodge({})).code);
    const [old = ''] = keys;
    const next = newKey('new-1');
    await restartWith(next, old);
    await vi.waitFor(async () => expect(await count(`applicant where sealing_key = 'new-1'`)).toBe(3), WAIT);
    // A process with the old setting still seals with the old key: found by either, and resealed later.
    const [row] = await world.db.query<{ id: string }>({
      text: 'select dossier_id as id from applicant limit 1',
    });
    const late = sealApplicant(createSealer(old), row?.id ?? '', Applicant.fromPartial(MAU));
    await world.db.query({
      text: `update applicant set sealed = $2, lookup = string_to_array($3, ' ') where dossier_id = $1`,
      values: [row?.id, late.sealed, late.lookup],
    });
    expect(await find({ phone: MAU.phone })).toEqual(codes);
    await restartWith(next, old);
    await vi.waitFor(async () => expect(await count(`applicant where sealing_key = 'new-1'`)).toBe(3), WAIT);
    await restartWith(next);
    expect(await find({ identityNumber: MAU.identityNumber })).toEqual(codes);
    expect((await dossierOf(world.as(p.commune.clerk), row?.id ?? '')).applicant).toMatchObject(MAU);
  });

  test('a row whose key was lost shows what is not sealed, and delays no other', async () => {
    const [bad, good] = [await lodge({}), await lodge({})];
    const lost = createSealer(newKey('lost'));
    await world.db.query({
      text: 'update applicant set sealed = $2 where dossier_id = $1',
      values: [bad.dossierId, sealApplicant(lost, bad.dossierId, Applicant.fromPartial(MAU)).sealed],
    });
    await restartWith(newKey('new-2'), ...keys);
    await vi.waitFor(async () => expect(await count(`applicant where sealing_key = 'new-2'`)).toBe(1), WAIT);
    const clerk = world.as(p.commune.clerk);
    expect((await dossierOf(clerk, bad.dossierId)).applicant).toMatchObject({
      fullName: MAU.fullName,
      address: MAU.address,
      identityNumber: '',
      phone: '',
    });
    expect((await dossierOf(clerk, good.dossierId)).applicant).toMatchObject(MAU);
  });

  test('a draft is sealed whole, and opens with the new key', async () => {
    const { drafts } = world.as(p.commune.clerk);
    const { draftId } = await drafts.saveDraft({
      requestId: randomUUID(),
      lodging: lodging(single, { applicant: MAU }),
    });
    const kept = async () => {
      const [row] = await world.db.query<{ row: string; key: string }>({
        text: 'select to_jsonb(d)::text as row, sealing_key as key from dossier_draft d where id = $1',
        values: [draftId],
      });
      for (const secret of ['086190000001', '901234567', 'mau@example.vn', MAU.fullName])
        expect(row?.row).not.toContain(secret);
      return row?.key;
    };
    const read = async () =>
      (await world.as(p.commune.clerk).drafts.getDraft({ draftId })).draft?.lodging?.applicant;
    expect(await kept()).not.toBe('new-3');
    expect(await read()).toMatchObject({ fullName: MAU.fullName, phone: MAU.phone });
    const next = newKey('new-3');
    await restartWith(next, ...keys);
    await vi.waitFor(async () => expect(await kept()).toBe('new-3'), WAIT);
    await restartWith(next);
    expect(await read()).toMatchObject({ fullName: MAU.fullName, phone: MAU.phone });
    await restartWith(newKey('lost'));
    expect(await refusalOf(world.as(p.commune.clerk).drafts.getDraft({ draftId }))).toMatchObject({
      reason: 'DRAFT_UNKNOWN',
    });
    await restartWith(next);
  });
});
