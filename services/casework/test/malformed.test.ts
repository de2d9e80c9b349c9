import { randomUUID } from 'node:crypto';
import {
  type DeepPartial,
  IdentityAssurance,
  IdentityKind,
  type LodgeDossierRequest,
  ReturnWay,
} from '@lienthong/contracts/casework';
import { Channel, DataType } from '@lienthong/contracts/registry';
import { refusalOf } from '@lienthong/testkit';
import { dataField, step } from '@lienthong/workflow/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { procedure } from './support/procedures.ts';
import { sampleProvince, settle } from './support/province.ts';
import { dossierOf, lodging } from './support/story.ts';
import { openWorld, type World } from './support/world.ts';

const p = sampleProvince();
const choice = (value: string, ...onlyFor: string[]) => ({ value, label: value, onlyFor });
const rows = (numbers: number[], path: string, text: string) =>
  Object.fromEntries(numbers.map((i) => [`household[${i}].${path}`, text]));
const single = procedure(step('mot'), {
  data: [
    dataField('area_m2', DataType.NUMBER),
    dataField('ghi_chu', DataType.TEXT),
    dataField('fee', DataType.MONEY, { label: 'Số tiền', maximum: '1000000' }),
    dataField('code', DataType.TEXT, {
      pattern: '[A-Z]{2}[0-9]{4}',
      message: 'Mã gồm 2 chữ cái và 4 chữ số',
    }),
    dataField('land', DataType.CHOICE, { choices: [choice('farm'), choice('home')] }),
    dataField('use', DataType.CHOICE, { dependsOn: 'land', choices: [choice('rice', 'farm')] }),
    dataField('household', DataType.GROUP, {
      maxRows: 2,
      fields: [dataField('identity', DataType.IDENTITY), dataField('home', DataType.ADDRESS)],
    }),
  ],
});

let world: World;
/** The dossier that all malformed requests name, and its state before them. */
let dossierId: string;
let before: unknown;
beforeAll(async () => {
  world = await openWorld();
  await settle(world, p);
  await world.publish(single);
  ({ dossierId } = await client().lodgeDossier(lodging(single)));
  before = await dossierOf(world.as(p.commune.clerk), dossierId);
});
afterAll(async () => {
  expect(await dossierOf(world.as(p.commune.clerk), dossierId)).toEqual(before);
  await world.stop();
});

const client = () => world.as(p.commune.head).casework;
const at = () => ({ requestId: randomUUID(), dossierId });
const on = () => ({ ...at(), taskNumber: 1 });
const TOO_LONG = 'ă'.repeat(2001);
const soon = new Date('2026-01-20T08:00:00Z');

type Case = [what: string, violation: string, call: () => Promise<unknown>];

const table = (cases: Case[]) =>
  test.each(cases)('%s: %s', async (_, violation, call) => {
    const { code, violations } = await refusalOf(call());
    expect(code).toBe('INVALID_ARGUMENT');
    expect(violations).toContain(violation);
  });

test('ListDossiers refuses a telephone that is none, and an identity number too long', async () => {
  const list = (more: object) => refusalOf(client().listDossiers(more));
  expect(await list({ phone: 'gọi sau' })).toMatchObject({
    code: 'INVALID_ARGUMENT',
    violations: ['phone PHONE_INVALID'],
  });
  expect(await list({ identityNumber: '1'.repeat(51) })).toMatchObject({
    code: 'INVALID_ARGUMENT',
    violations: ['identity_number FIELD_TOO_LONG'],
  });
});

describe('LodgeDossier', () => {
  const lodge = (more: DeepPartial<LodgeDossierRequest>) => client().lodgeDossier(lodging(single, more));
  const paper = (more: object) =>
    lodge({
      papers: [
        { key: 'don', originals: 1 },
        { name: 'Khác', originals: 1, ...more },
      ],
    });
  const by = (more: object) => lodge({ applicant: { fullName: 'Nguyễn Thị Mẫu', ...more } });
  table([
    ['a request_id that is not a UUID', 'request_id UUID_INVALID', () => lodge({ requestId: 'x' })],
    ['no procedure', 'procedure_code FIELD_REQUIRED', () => lodge({ procedureCode: ' ' })],
    [
      'a procedure code too long',
      'procedure_code FIELD_TOO_LONG',
      () => lodge({ procedureCode: '1'.repeat(41) }),
    ],
    ['no channel', 'channel ENUM_INVALID', () => lodge({ channel: Channel.UNSPECIFIED })],
    ['a channel unknown', 'channel ENUM_INVALID', () => lodge({ channel: 9 as never })],
    ['no applicant', 'applicant INVALID_TYPE', () => lodge({ applicant: undefined })],
    ['no name', 'applicant.full_name FIELD_REQUIRED', () => by({ fullName: '\u00a0 ' })],
    ['a name too long', 'applicant.full_name FIELD_TOO_LONG', () => by({ fullName: 'ế'.repeat(201) })],
    ['a name with U+0000', 'applicant.full_name FIELD_INVALID', () => by({ fullName: 'A\u0000B' })],
    ['an e-mail that is none', 'applicant.email EMAIL_INVALID', () => by({ email: 'không có' })],
    ['a telephone that is none', 'applicant.phone PHONE_INVALID', () => by({ phone: 'gọi sau' })],
    ['a kind unknown', 'applicant.kind ENUM_INVALID', () => by({ kind: 9 })],
    [
      'eleven digits of twelve',
      'applicant.identity_number IDENTITY_INVALID',
      () => by({ identityKind: IdentityKind.PERSONAL_NUMBER, identityNumber: '08619000000' }),
    ],
    [
      'an identity document without number',
      'applicant.identity_number FIELD_REQUIRED',
      () => by({ identityKind: IdentityKind.PASSPORT }),
    ],
    [
      'VNeID without a number',
      'applicant.identity_number FIELD_REQUIRED',
      () => by({ identityAssurance: IdentityAssurance.LEVEL_2, hasVneid: true }),
    ],
    [
      'an assurance unknown',
      'applicant.identity_assurance ENUM_INVALID',
      () => by({ identityNumber: '086190000001', identityAssurance: 9 }),
    ],
    [
      'a submitter without name',
      'applicant.submitter.full_name FIELD_REQUIRED',
      () => by({ submitter: { authorisation: 'Giấy ủy quyền' } }),
    ],
    [
      'a submitter with a wrong number',
      'applicant.submitter.identity_number IDENTITY_INVALID',
      () =>
        by({
          submitter: {
            fullName: 'Lê Văn Được',
            identityKind: IdentityKind.ENTERPRISE_NUMBER,
            identityNumber: '123',
          },
        }),
    ],
    [
      'a counter for what goes by post',
      'result_return.agency_id FIELD_NOT_ALLOWED',
      () => lodge({ resultReturn: { way: ReturnWay.POST, place: 'Số 3', agencyId: p.land.agency.id } }),
    ],
    [
      'a counter of an unknown agency',
      'result_return.agency_id AGENCY_UNKNOWN',
      () => lodge({ resultReturn: { agencyId: randomUUID() } }),
    ],
    [
      'a way of return unknown',
      'result_return.way ENUM_INVALID',
      () => lodge({ resultReturn: { way: 9 as never } }),
    ],
    [
      'a place too long',
      'result_return.place FIELD_TOO_LONG',
      () => lodge({ resultReturn: { place: 'x'.repeat(501) } }),
    ],
    [
      'a result by post without an address',
      'result_return.place FIELD_REQUIRED',
      () => lodge({ applicant: { fullName: 'A' }, resultReturn: { way: ReturnWay.POST } }),
    ],
    ['an address too long', 'applicant.address FIELD_TOO_LONG', () => by({ address: 'x'.repeat(501) })],
    [
      'a paper key that the procedure does not have',
      'papers[1].key PAPER_UNKNOWN',
      () => paper({ key: 'lạ' }),
    ],
    ['a paper without key and name', 'papers[1].name FIELD_REQUIRED', () => paper({ name: '' })],
    ['a digest too short', 'papers[1].sha256 DIGEST_INVALID', () => paper({ sha256: 'abc' })],
    ['a digest in capitals', 'papers[1].sha256 DIGEST_INVALID', () => paper({ sha256: 'A'.repeat(64) })],
    ['fewer than no originals', 'papers[1].originals COUNT_INVALID', () => paper({ originals: -1 })],
    ['more copies than there can be', 'papers[1].copies COUNT_INVALID', () => paper({ copies: 1001 })],
    ['a paper that is not there', 'papers[1].sha256 PAPER_EMPTY', () => paper({ originals: 0 })],
    [
      'more than 100 papers',
      'papers TOO_MANY',
      () => lodge({ papers: Array.from({ length: 101 }, () => ({ name: 'x', originals: 1 })) }),
    ],
    ['a mandatory paper missing', 'papers PAPER_MISSING', () => lodge({ papers: [] })],
    ['a data field unknown', 'data.mau DATA_FIELD_UNKNOWN', () => lodge({ data: { mau: 'x' } })],
    ['a number with a comma', 'data.area_m2 DATA_NOT_NUMBER', () => lodge({ data: { area_m2: '12,5' } })],
    ['a text too long', 'data.ghi_chu FIELD_TOO_LONG', () => lodge({ data: { ghi_chu: TOO_LONG } })],
    [
      'an amount with a separator',
      'data.fee DATA_NUMBER_AMBIGUOUS',
      () => lodge({ data: { fee: '75.000' } }),
    ],
    ['an amount below nothing', 'data.fee DATA_TOO_SMALL', () => lodge({ data: { fee: '-1' } })],
    ['an amount over its bound', 'data.fee DATA_TOO_LARGE', () => lodge({ data: { fee: '1000001' } })],
    ['a text beside its pattern', 'data.code DATA_PATTERN_MISMATCH', () => lodge({ data: { code: 'ab12' } })],
    ['a choice outside its list', 'data.land DATA_CHOICE_UNKNOWN', () => lodge({ data: { land: 'sea' } })],
    [
      'a choice that another one excludes',
      'data.use DATA_CHOICE_NOT_ALLOWED',
      () => lodge({ data: { land: 'home', use: 'rice' } }),
    ],
    [
      'a group with too many rows',
      'data.household DATA_TOO_MANY_ROWS',
      () => lodge({ data: rows([0, 1, 2], 'home.unit', 'H61') }),
    ],
    [
      'a wrong number in the second row',
      'data.household[1].identity.number DATA_IDENTITY_INVALID',
      () =>
        lodge({
          data: { ...rows([1], 'identity.kind', 'personal_number'), ...rows([1], 'identity.number', '1') },
        }),
    ],
    [
      'a unit unknown',
      'data.household[0].home.unit DATA_UNIT_UNKNOWN',
      () => lodge({ data: rows([0], 'home.unit', 'H61.STC') }),
    ],
    [
      'a field unknown in a row',
      'data.household[0].age DATA_FIELD_UNKNOWN',
      () => lodge({ data: rows([0], 'age', '3') }),
    ],
    [
      'more than 1000 texts',
      'data TOO_MANY',
      () => lodge({ data: Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`f${i}`, 'x'])) }),
    ],
    [
      'more than 200,000 characters of data',
      'data FIELD_TOO_LONG',
      () =>
        lodge({
          data: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`f${i}`, 'x'.repeat(2000)])),
        }),
    ],
  ]);
});

test('everything wrong in data is refused at once, each path once, the pattern in the words of the procedure', async () => {
  const data = { area_m2: '1.000', code: 'x', land: 'sea', ...rows([1], 'identity.number', '1') };
  const { violations } = await refusalOf(client().lodgeDossier(lodging(single, { data })));
  expect(violations).toEqual([
    'data.area_m2 DATA_NUMBER_AMBIGUOUS',
    'data.code DATA_PATTERN_MISMATCH',
    'data.land DATA_CHOICE_UNKNOWN',
    'data.household[1].identity.kind DATA_MISSING',
  ]);
  const alone = client().lodgeDossier(lodging(single, { data: { code: 'x' } }));
  await expect(alone).rejects.toThrow('Mã gồm 2 chữ cái và 4 chữ số');
});

describe('every transition', () => {
  const calls = (): Record<string, (fields: object) => Promise<unknown>> => {
    const casework = client();
    return {
      acceptDossier: (fields) => casework.acceptDossier({ ...at(), ...fields }),
      refuseDossier: (fields) => casework.refuseDossier({ ...at(), reason: 'x', ...fields }),
      claimTask: (fields) => casework.claimTask({ ...on(), ...fields }),
      assignTask: (fields) => casework.assignTask({ ...on(), officerId: p.commune.officer.id, ...fields }),
      completeTask: (fields) => casework.completeTask({ ...on(), ...fields }),
      handOverTask: (fields) =>
        casework.handOverTask({ ...on(), officerId: p.commune.officer.id, ...fields }),
      returnTask: (fields) => casework.returnTask({ ...on(), reason: 'x', ...fields }),
      requestConsultation: (fields) =>
        casework.requestConsultation({
          ...on(),
          agencyIds: [p.land.agency.id],
          question: 'x',
          dueAt: soon,
          ...fields,
        }),
      requestSupplement: (fields) => casework.requestSupplement({ ...at(), content: 'x', ...fields }),
      receiveSupplement: (fields) => casework.receiveSupplement({ ...at(), ...fields }),
      requestPayment: (fields) => casework.requestPayment({ ...at(), amountVnd: 1n, ...fields }),
      recordPayment: (fields) => casework.recordPayment({ ...at(), amountVnd: 1n, receipt: 'x', ...fields }),
      withdrawDossier: (fields) => casework.withdrawDossier({ ...at(), ...fields }),
      stopDossier: (fields) => casework.stopDossier({ ...at(), reason: 'x', ...fields }),
      resumeDossier: (fields) => casework.resumeDossier({ ...at(), ...fields }),
      extendDeadline: (fields) => casework.extendDeadline({ ...at(), dueAt: soon, reason: 'x', ...fields }),
      returnResult: (fields) => casework.returnResult({ ...at(), ...fields }),
    };
  };
  const garbage: [what: string, fields: object, violation: string][] = [
    ['a request_id that is none', { requestId: `${randomUUID()}0` }, 'request_id UUID_INVALID'],
    ['no dossier', { dossierId: '' }, 'dossier_id UUID_INVALID'],
    ['a code for an id', { dossierId: 'H61.855.29542-260115-0001' }, 'dossier_id UUID_INVALID'],
    ['an id with SQL in it', { dossierId: "' or 1=1 --" }, 'dossier_id UUID_INVALID'],
  ];
  test.each(garbage)('refuses %s', async (_, fields, violation) => {
    for (const [method, call] of Object.entries(calls())) {
      const { code, violations } = await refusalOf(call(fields));
      expect({ method, code, violations }).toMatchObject({ method, code: 'INVALID_ARGUMENT' });
      expect(violations).toContain(violation);
    }
  });

  test.each([0, -1, 2 ** 31 - 1])('refuses the impossible task %i', async (taskNumber) => {
    const { claimTask, assignTask, completeTask, handOverTask, returnTask, requestConsultation } = calls();
    for (const call of [claimTask, assignTask, completeTask, handOverTask, returnTask, requestConsultation]) {
      const refusal = await refusalOf(call?.({ taskNumber }) ?? Promise.reject(new Error('no method')));
      if (taskNumber > 0) expect(refusal).toMatchObject({ code: 'NOT_FOUND', reason: 'TASK_UNKNOWN' });
      else expect(refusal.violations).toContain('task_number TASK_NUMBER_INVALID');
    }
  });
});

describe('the fields of a transition', () => {
  const complete = (more: object) => client().completeTask({ ...on(), ...more });
  const consult = (more: object) =>
    client().requestConsultation({
      ...on(),
      agencyIds: [p.land.agency.id],
      question: 'x',
      dueAt: soon,
      ...more,
    });
  const pay = (amountVnd: bigint) => client().requestPayment({ ...at(), amountVnd });
  table([
    [
      'a refusal without reason',
      'reason FIELD_REQUIRED',
      () => client().refuseDossier({ ...at(), reason: ' ' }),
    ],
    ['a return without reason', 'reason FIELD_REQUIRED', () => client().returnTask({ ...on(), reason: '' })],
    ['a stop without reason', 'reason FIELD_REQUIRED', () => client().stopDossier({ ...at(), reason: '' })],
    ['a note too long', 'note FIELD_TOO_LONG', () => complete({ note: TOO_LONG })],
    ['an outcome too long', 'outcome FIELD_TOO_LONG', () => complete({ outcome: 'x'.repeat(61) })],
    [
      'a result with half a digest',
      'results[1].sha256 DIGEST_INVALID',
      () => complete({ results: [{ key: 'a' }, { key: 'b', sha256: 'ab' }] }),
    ],
    [
      'an officer id that is not a UUID',
      'officer_id UUID_INVALID',
      () => client().assignTask({ ...on(), officerId: 'An' }),
    ],
    ['no agency to consult', 'agency_ids FIELD_REQUIRED', () => consult({ agencyIds: [] })],
    [
      'the same agency twice',
      'agency_ids[1] AGENCY_TWICE',
      () => consult({ agencyIds: [p.land.agency.id, p.land.agency.id] }),
    ],
    [
      'more than 20 agencies',
      'agency_ids TOO_MANY',
      () => consult({ agencyIds: Array.from({ length: 21 }, () => randomUUID()) }),
    ],
    ['an agency id that is not a UUID', 'agency_ids[0] UUID_INVALID', () => consult({ agencyIds: ['H61'] })],
    ['no question', 'question FIELD_REQUIRED', () => consult({ question: '' })],
    ['no date to answer by', 'due_at INVALID_TYPE', () => consult({ dueAt: undefined })],
    ['a date too far', 'due_at DATE_INVALID', () => consult({ dueAt: new Date('2100-01-01T00:00:00Z') })],
    [
      'nothing to supplement',
      'content FIELD_REQUIRED',
      () => client().requestSupplement({ ...at(), content: '' }),
    ],
    [
      'a telephone that is none',
      'contact_phone PHONE_INVALID',
      () => client().requestSupplement({ ...at(), content: 'x', contactPhone: 'gọi sau' }),
    ],
    [
      'a reason too long',
      'reason FIELD_TOO_LONG',
      () => client().requestSupplement({ ...at(), content: 'x', reason: 'x'.repeat(2001) }),
    ],
    [
      'a payment of nothing',
      'amount_vnd AMOUNT_INVALID',
      () => client().recordPayment({ ...at(), amountVnd: 0n, receipt: '1' }),
    ],
    ['a negative payment', 'amount_vnd AMOUNT_INVALID', () => pay(-1n)],
    ['more money than there is', 'amount_vnd AMOUNT_INVALID', () => pay(2n ** 63n - 1n)],
    [
      'a payment without receipt',
      'receipt FIELD_REQUIRED',
      () => client().recordPayment({ ...at(), amountVnd: 1n, receipt: '' }),
    ],
    [
      'an extension without reason',
      'reason FIELD_REQUIRED',
      () => client().extendDeadline({ ...at(), dueAt: soon, reason: '' }),
    ],
    [
      'an extension without date',
      'due_at INVALID_TYPE',
      () => client().extendDeadline({ ...at(), reason: 'x' }),
    ],
  ]);
});

describe('GetDossier', () => {
  table([
    ['neither id nor code', 'dossier_id ONE_OF_REQUIRED', () => client().getDossier({})],
    ['both id and code', 'dossier_id ONE_OF_REQUIRED', () => client().getDossier({ dossierId, code: 'x' })],
    ['an id that is not a UUID', 'dossier_id UUID_INVALID', () => client().getDossier({ dossierId: 'x' })],
    ['a code too long', 'code FIELD_TOO_LONG', () => client().getDossier({ code: 'x'.repeat(61) })],
  ]);
});

test('a refusal lists all violations at once', async () => {
  const call = client().lodgeDossier({ requestId: 'x', papers: [{ sha256: 'y' }] });
  expect((await refusalOf(call)).violations).toEqual([
    'request_id UUID_INVALID',
    'procedure_code FIELD_REQUIRED',
    'channel ENUM_INVALID',
    'applicant INVALID_TYPE',
    'papers[0].sha256 DIGEST_INVALID',
    'papers[0].name FIELD_REQUIRED',
  ]);
});
