import { randomUUID } from 'node:crypto';
import type { DeepPartial, LodgeDossierRequest } from '@lienthong/contracts/casework';
import { Channel, DataType } from '@lienthong/contracts/registry';
import { step } from '@lienthong/workflow/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { procedure } from './support/procedures.ts';
import { sampleProvince, settle } from './support/province.ts';
import { dossierOf, lodging, refusalOf } from './support/story.ts';
import { openWorld, type World } from './support/world.ts';

const p = sampleProvince();
const single = procedure(step('mot'), {
  data: [
    { key: 'area_m2', label: 'Diện tích', type: DataType.NUMBER, required: false },
    { key: 'ghi_chu', label: 'Ghi chú', type: DataType.TEXT, required: false },
  ],
});

let world: World;
/** A dossier that everything malformed is said about, and its state before. */
let dossierId: string;
let before: unknown;
beforeAll(async () => {
  world = await openWorld();
  await settle(world, p);
  await world.publish(single);
  ({ dossierId } = await desk().lodgeDossier(lodging(single)));
  before = await dossierOf(world.as(p.commune.clerk), dossierId);
});
afterAll(async () => {
  expect(await dossierOf(world.as(p.commune.clerk), dossierId)).toEqual(before);
  await world.stop();
});

const desk = () => world.as(p.commune.head).casework;
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

describe('LodgeDossier', () => {
  const lodge = (more: DeepPartial<LodgeDossierRequest>) => desk().lodgeDossier(lodging(single, more));
  const paper = (more: object) =>
    lodge({
      papers: [
        { key: 'don', originals: 1 },
        { name: 'Khác', originals: 1, ...more },
      ],
    });
  const by = (more: object) => lodge({ applicant: { fullName: 'Nguyễn Thị Mẫu', ...more } });
  table([
    ['a request_id that is no UUID', 'request_id UUID_INVALID', () => lodge({ requestId: 'x' })],
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
    ['an address too long', 'applicant.address FIELD_TOO_LONG', () => by({ address: 'x'.repeat(501) })],
    ['a paper key that is not asked for', 'papers[1].key PAPER_UNKNOWN', () => paper({ key: 'lạ' })],
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
      'more than 200 fields',
      'data TOO_MANY',
      () => lodge({ data: Object.fromEntries(Array.from({ length: 201 }, (_, i) => [`f${i}`, 'x'])) }),
    ],
  ]);
});

describe('every transition', () => {
  const calls = (): Record<string, (said: object) => Promise<unknown>> => {
    const casework = desk();
    return {
      acceptDossier: (said) => casework.acceptDossier({ ...at(), ...said }),
      refuseDossier: (said) => casework.refuseDossier({ ...at(), reason: 'x', ...said }),
      claimTask: (said) => casework.claimTask({ ...on(), ...said }),
      assignTask: (said) => casework.assignTask({ ...on(), officerId: p.commune.officer.id, ...said }),
      completeTask: (said) => casework.completeTask({ ...on(), ...said }),
      handOverTask: (said) => casework.handOverTask({ ...on(), officerId: p.commune.officer.id, ...said }),
      returnTask: (said) => casework.returnTask({ ...on(), reason: 'x', ...said }),
      requestConsultation: (said) =>
        casework.requestConsultation({
          ...on(),
          agencyIds: [p.land.agency.id],
          question: 'x',
          dueAt: soon,
          ...said,
        }),
      requestSupplement: (said) => casework.requestSupplement({ ...at(), content: 'x', ...said }),
      receiveSupplement: (said) => casework.receiveSupplement({ ...at(), ...said }),
      requestPayment: (said) => casework.requestPayment({ ...at(), amountVnd: 1n, ...said }),
      recordPayment: (said) => casework.recordPayment({ ...at(), amountVnd: 1n, receipt: 'x', ...said }),
      withdrawDossier: (said) => casework.withdrawDossier({ ...at(), ...said }),
      stopDossier: (said) => casework.stopDossier({ ...at(), reason: 'x', ...said }),
      resumeDossier: (said) => casework.resumeDossier({ ...at(), ...said }),
      extendDeadline: (said) => casework.extendDeadline({ ...at(), dueAt: soon, reason: 'x', ...said }),
      returnResult: (said) => casework.returnResult({ ...at(), ...said }),
    };
  };
  const garbage: [what: string, said: object, violation: string][] = [
    ['a request_id that is none', { requestId: `${randomUUID()}0` }, 'request_id UUID_INVALID'],
    ['no dossier', { dossierId: '' }, 'dossier_id UUID_INVALID'],
    ['a code for an id', { dossierId: 'H61.855.29542-260115-0001' }, 'dossier_id UUID_INVALID'],
    ['an id with SQL in it', { dossierId: "' or 1=1 --" }, 'dossier_id UUID_INVALID'],
  ];
  test.each(garbage)('refuses %s', async (_, said, violation) => {
    for (const [method, call] of Object.entries(calls())) {
      const { code, violations } = await refusalOf(call(said));
      expect({ method, code, violations }).toMatchObject({ method, code: 'INVALID_ARGUMENT' });
      expect(violations).toContain(violation);
    }
  });

  test.each([0, -1, 2 ** 31 - 1])('refuses task %i, which cannot be', async (taskNumber) => {
    const { claimTask, assignTask, completeTask, handOverTask, returnTask, requestConsultation } = calls();
    for (const call of [claimTask, assignTask, completeTask, handOverTask, returnTask, requestConsultation]) {
      const refusal = await refusalOf(call?.({ taskNumber }) ?? Promise.reject(new Error('no method')));
      if (taskNumber > 0) expect(refusal).toMatchObject({ code: 'NOT_FOUND', reason: 'TASK_UNKNOWN' });
      else expect(refusal.violations).toContain('task_number TASK_NUMBER_INVALID');
    }
  });
});

describe('what a transition says', () => {
  const complete = (more: object) => desk().completeTask({ ...on(), ...more });
  const consult = (more: object) =>
    desk().requestConsultation({
      ...on(),
      agencyIds: [p.land.agency.id],
      question: 'x',
      dueAt: soon,
      ...more,
    });
  const pay = (amountVnd: bigint) => desk().requestPayment({ ...at(), amountVnd });
  table([
    [
      'a refusal without reason',
      'reason FIELD_REQUIRED',
      () => desk().refuseDossier({ ...at(), reason: ' ' }),
    ],
    ['a return without reason', 'reason FIELD_REQUIRED', () => desk().returnTask({ ...on(), reason: '' })],
    ['a stop without reason', 'reason FIELD_REQUIRED', () => desk().stopDossier({ ...at(), reason: '' })],
    ['a note too long', 'note FIELD_TOO_LONG', () => complete({ note: TOO_LONG })],
    ['an outcome too long', 'outcome FIELD_TOO_LONG', () => complete({ outcome: 'x'.repeat(61) })],
    [
      'a result with half a digest',
      'results[1].sha256 DIGEST_INVALID',
      () => complete({ results: [{ key: 'a' }, { key: 'b', sha256: 'ab' }] }),
    ],
    [
      'an officer who is no id',
      'officer_id UUID_INVALID',
      () => desk().assignTask({ ...on(), officerId: 'An' }),
    ],
    ['nobody asked', 'agency_ids FIELD_REQUIRED', () => consult({ agencyIds: [] })],
    [
      'an agency asked twice',
      'agency_ids[1] AGENCY_TWICE',
      () => consult({ agencyIds: [p.land.agency.id, p.land.agency.id] }),
    ],
    [
      'more than 20 asked',
      'agency_ids TOO_MANY',
      () => consult({ agencyIds: Array.from({ length: 21 }, () => randomUUID()) }),
    ],
    ['an agency that is no id', 'agency_ids[0] UUID_INVALID', () => consult({ agencyIds: ['H61'] })],
    ['no question', 'question FIELD_REQUIRED', () => consult({ question: '' })],
    ['no date to answer by', 'due_at INVALID_TYPE', () => consult({ dueAt: undefined })],
    ['a date too far', 'due_at DATE_INVALID', () => consult({ dueAt: new Date('2100-01-01T00:00:00Z') })],
    [
      'nothing to supplement',
      'content FIELD_REQUIRED',
      () => desk().requestSupplement({ ...at(), content: '' }),
    ],
    ['nothing to pay', 'amount_vnd AMOUNT_INVALID', () => pay(0n)],
    ['a negative payment', 'amount_vnd AMOUNT_INVALID', () => pay(-1n)],
    ['more money than there is', 'amount_vnd AMOUNT_INVALID', () => pay(2n ** 63n - 1n)],
    [
      'a payment without receipt',
      'receipt FIELD_REQUIRED',
      () => desk().recordPayment({ ...at(), amountVnd: 1n, receipt: '' }),
    ],
    [
      'an extension without reason',
      'reason FIELD_REQUIRED',
      () => desk().extendDeadline({ ...at(), dueAt: soon, reason: '' }),
    ],
    [
      'an extension without date',
      'due_at INVALID_TYPE',
      () => desk().extendDeadline({ ...at(), reason: 'x' }),
    ],
  ]);
});

describe('GetDossier', () => {
  table([
    ['neither id nor code', 'dossier_id ONE_OF_REQUIRED', () => desk().getDossier({})],
    ['both id and code', 'dossier_id ONE_OF_REQUIRED', () => desk().getDossier({ dossierId, code: 'x' })],
    ['an id that is none', 'dossier_id UUID_INVALID', () => desk().getDossier({ dossierId: 'x' })],
    ['a code too long', 'code FIELD_TOO_LONG', () => desk().getDossier({ code: 'x'.repeat(61) })],
  ]);
});

test('all that is wrong is said at once', async () => {
  const call = desk().lodgeDossier({ requestId: 'x', papers: [{ sha256: 'y' }] });
  expect((await refusalOf(call)).violations).toEqual([
    'request_id UUID_INVALID',
    'procedure_code FIELD_REQUIRED',
    'channel ENUM_INVALID',
    'applicant INVALID_TYPE',
    'papers[0].sha256 DIGEST_INVALID',
    'papers[0].name FIELD_REQUIRED',
  ]);
});
