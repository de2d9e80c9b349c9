import { randomUUID } from 'node:crypto';
import { DossierStatus, type DossierSummary } from '@lienthong/contracts/casework';
import { refusalOf } from '@lienthong/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fourSteps } from './support/procedures.ts';
import { sampleProvince, settle } from './support/province.ts';
import { complete, lodging } from './support/story.ts';
import { openWorld, type World } from './support/world.ts';

const S = DossierStatus;
const p = sampleProvince();
const building = fourSteps();
const marriage = fourSteps();
if (building.definition) building.definition.name = 'Cấp giấy phép xây dựng nhà ở riêng lẻ';
if (marriage.definition) marriage.definition.name = 'Đăng ký kết hôn';

let world: World;
/** Ids and codes by the applicant's last word. */
const ids: Record<string, string> = {};
const codes: Record<string, string> = {};

beforeAll(async () => {
  world = await openWorld();
  await settle(world, p);
  await world.publish(building, marriage);
  const lodge = async (fullName: string, of = building, from = p.commune, accept = true) => {
    world.clock.advance(60_000);
    const word = fullName.split(' ').at(-1) ?? '';
    const request = lodging(of, { applicant: { fullName }, accept });
    const lodged = await world.as(from.clerk).casework.lodgeDossier(request);
    ids[word] = lodged.dossierId;
    codes[word] = lodged.code;
    return lodged.dossierId;
  };
  await lodge('Nguyễn Thị Hoà');
  const toLand = await lodge('Trần Văn Đức', marriage);
  await complete(world.as(p.commune.officer), toLand, 1);
  const refused = await lodge('Lê Thị Bưởi', building, p.commune, false);
  const clerk = world.as(p.commune.clerk).casework;
  await clerk.refuseDossier({ requestId: randomUUID(), dossierId: refused, reason: 'không đúng thẩm quyền' });
  const foreign = await lodge('Phạm Hòa Khánh', building, p.otherCommune);
  await complete(world.as(p.otherCommune.officer), foreign, 1);
}, 60_000);
afterAll(() => world.stop());

const wordsOf = (found: readonly DossierSummary[]) =>
  found.map(({ id }) => Object.keys(ids).find((word) => ids[word] === id));
const list = async (filter: object = {}, of = p.commune.clerk) =>
  wordsOf(await Array.fromAsync(world.as(of).dossiers(filter)));

test('lists the agency’s dossiers, newest first', async () => {
  expect(await list()).toEqual(['Bưởi', 'Đức', 'Hoà']);
  expect(await list({}, p.otherCommune.clerk)).toEqual(['Khánh']);
  expect(await list({}, p.land.officer)).toEqual(['Khánh', 'Đức']);
  expect(await list({}, p.finance.officer)).toEqual([]);
});

test('a summary names the applicant', async () => {
  const { dossiers } = await world.as(p.land.officer).casework.listDossiers({ text: 'đức' });
  expect(dossiers).toMatchObject([
    {
      code: codes.Đức,
      procedureName: 'Đăng ký kết hôn',
      status: S.IN_PROGRESS,
      holder: { name: 'Sở Tài nguyên và Môi trường' },
      applicantName: 'Trần Văn Đức',
    },
  ]);
});

describe('by', () => {
  test.each([
    ['status', { statuses: [S.REFUSED] }, ['Bưởi']],
    ['several statuses', { statuses: [S.IN_PROGRESS, S.ACCEPTED] }, ['Đức', 'Hoà']],
    ['statuses of ended and of live ones', { statuses: [S.REFUSED, S.ACCEPTED] }, ['Bưởi', 'Hoà']],
    ['status and procedure', { statuses: [S.REFUSED], procedureCode: marriage.code }, []],
    ['procedure', { procedureCode: marriage.code }, ['Đức']],
    ['time', { lodgedFrom: new Date('2026-01-15T01:03:00Z') }, ['Bưởi']],
    ['time before', { lodgedTo: new Date('2026-01-15T01:02:00Z') }, ['Hoà']],
    ['a name without marks', { text: 'hoa' }, ['Hoà']],
    ['a name with marks placed the other way', { text: 'hòa' }, ['Hoà']],
    ['a decomposed name', { text: 'Hoà'.normalize('NFD') }, ['Hoà']],
    ['a name with a stroke', { text: 'tran duc' }, ['Đức']],
    ['a decomposed procedure', { text: 'giấy phép xây dựng'.normalize('NFD') }, ['Bưởi', 'Hoà']],
    ['the beginning of a word', { text: 'kết h' }, ['Đức']],
    ['words and status', { text: 'cap giay', statuses: [S.REFUSED] }, ['Bưởi']],
    ['text with the query language in it', { text: "hoa' & !z:*" }, []],
    ['text that is not there', { text: 'khai sinh' }, []],
  ])('%s', async (_, filter, expected) => expect(await list(filter)).toEqual(expected));

  test('code, whole or in part', async () => {
    expect(await list({ text: codes.Đức })).toEqual(['Đức']);
    expect(await list({ text: '260115-0002' })).toEqual(['Đức']);
  });
});

describe('pages', () => {
  test.each([1, 2])('of %i meet without gap or overlap', async (pageSize) => {
    expect(await list({ pageSize })).toEqual(['Bưởi', 'Đức', 'Hoà']);
    expect(await list({ pageSize, text: 'cap giay' })).toEqual(['Bưởi', 'Hoà']);
    expect(await list({ pageSize, statuses: [S.REFUSED, S.ACCEPTED] })).toEqual(['Bưởi', 'Hoà']);
  });

  test('with a token of another filter or another list are refused', async () => {
    const { casework } = world.as(p.commune.clerk);
    const { nextPageToken: pageToken } = await casework.listDossiers({ pageSize: 1 });
    const reason = { reason: 'PAGE_TOKEN_INVALID' };
    expect(await refusalOf(casework.listDossiers({ pageToken, text: 'hoa' }))).toMatchObject(reason);
    expect(await refusalOf(casework.listWork({ pageToken }))).toMatchObject(reason);
  });
});
