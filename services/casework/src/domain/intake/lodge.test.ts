import { createHash } from 'node:crypto';
import {
  Applicant,
  ApplicantKind,
  DossierStatus,
  ReturnWay,
  TaskKind,
  TaskState,
} from '@lienthong/contracts/casework';
import { Tier } from '@lienthong/contracts/directory';
import { Channel, DataType, Definition, ProcedureState } from '@lienthong/contracts/registry';
import { uuidv7 } from '@lienthong/kit';
import { dataField, inCalendarDays, inDays, inHalfDays, step } from '@lienthong/workflow/testing';
import { calendarDays, halfDays } from '@lienthong/working-time';
import { describe, expect, test } from 'vitest';
import { fourSteps, procedure } from '../../../test/support/procedures.ts';
import { callerFrom, createScenario, DIGEST, lodging, SECRET, vn } from '../../../test/support/scenario.ts';
import type { Lodge } from '../decision/command.ts';
import { decide } from '../decision/decide.ts';
import { numberOf } from '../dossier/world.ts';

const building = fourSteps();
const choosy = procedure(step('xem'), {
  data: [dataField('area_m2', DataType.NUMBER, { required: true }), dataField('kind', DataType.TEXT)],
  papers: [paper('don', true), paper('ban-ve', true, 'double(data.area_m2) > 100.0'), paper('anh', false)],
  ways: [
    { channel: Channel.IN_PERSON, timeLimit: undefined, feeVnd: 0n, note: '', applicants: [], cases: [] },
    { channel: Channel.ONLINE, timeLimit: inDays(3), feeVnd: 0n, note: '', applicants: [], cases: [] },
  ],
});

function paper(key: string, mandatory: boolean, condition = '') {
  return { key, name: `Giấy tờ ${key}`, form: '', originals: 1, copies: 0, mandatory, condition, cases: [] };
}
const handed = (key: string, more = {}) => ({
  key,
  name: '',
  sha256: DIGEST,
  originals: 0,
  copies: 0,
  ...more,
});

function refusalOf(more: Partial<Lodge>, of = choosy) {
  const at = createScenario([of]);
  const refused = decide(lodging(at, uuidv7(), of, more), at.world);
  if (refused.ok) throw new Error('was accepted');
  return refused.refusal;
}

const violations = (more: Partial<Lodge>, of = choosy) =>
  refusalOf(more, of).violations?.map(({ field, reason }) => `${field} ${reason}`);

test('registered: the one-stop unit has a task, no clock runs', () => {
  const at = createScenario([building]);
  const reply = at.lodge(building, { accept: false });
  expect(reply).toMatchObject({
    code: 'H61.855.29542-260115-0001',
    trackingSecret: 'ABCDEFGHJKMN',
    status: DossierStatus.REGISTERED,
    dueAt: undefined,
    version: 2n,
  });
  expect(at.dossier.open).toMatchObject([
    { number: 1, kind: TaskKind.INTAKE, agency: { name: 'Ủy ban nhân dân xã An Bình' } },
  ]);
  expect(at.events.map(({ type }) => type)).toEqual([
    'lienthong.casework.v1.DossierLodged',
    'lienthong.casework.v1.TaskOpened',
  ]);
  const [lodged] = at.events;
  if (lodged?.type !== 'lienthong.casework.v1.DossierLodged') throw new Error('not lodged');
  // Other services check the secret with this digest: another computation would lock citizens out.
  expect(Buffer.from(lodged.payload.trackingDigest).toString('hex')).toBe(
    createHash('sha256').update(`${at.dossier.id}:ABCDEFGHJKMN`).digest('hex'),
  );
});

test('a suspended procedure takes nobody in, but the sub-procedures of dossiers that were lodged', () => {
  const reason = 'Tạm dừng để sửa quy trình';
  const since = new Date('2026-01-15T00:30:00Z');
  const suspended = procedure(step('xem'), {}, { suspension: { since, reason } });
  expect(refusalOf({}, suspended)).toMatchObject({
    kind: 'failed-precondition',
    reason: 'PROCEDURE_SUSPENDED',
    message: expect.stringContaining(reason),
    metadata: { since: since.toISOString(), suspended_because: reason },
  });
  const at = createScenario([suspended]);
  const ofParent = { parentDossierId: uuidv7(), parentTask: 1, accept: false };
  expect(at.lodge(suspended, ofParent).status).toBe(DossierStatus.REGISTERED);
});

test('a procedure that another system serves is refused with its address, but sub-procedures and what was lodged before go on', () => {
  const servedElsewhere = 'https://dichvucong.bca.gov.vn/';
  const linked = procedure(step('xem'), { servedElsewhere });
  expect(refusalOf({}, linked)).toMatchObject({
    kind: 'failed-precondition',
    reason: 'PROCEDURE_SERVED_ELSEWHERE',
    message: expect.stringContaining(servedElsewhere),
    metadata: { served_elsewhere: servedElsewhere },
  });
  const at = createScenario([linked]);
  const ofParent = { parentDossierId: uuidv7(), parentTask: 1, accept: false };
  expect(at.lodge(linked, ofParent).status).toBe(DossierStatus.REGISTERED);
});

test('accepted at once: the clock runs, the first step is open', () => {
  const at = createScenario([building]);
  at.now = vn('2026-01-15 15:01');
  const reply = at.lodge(building);
  expect(reply.status).toBe(DossierStatus.ACCEPTED);
  // 20 working days after Friday, 16 January: after 15:00 it counts as received then.
  expect(at.dossier.dueAt).toBe(vn('2026-02-13 17:00'));
  expect(at.dossier.open).toMatchObject([{ number: 1, kind: TaskKind.STEP, blockKey: 'tiep-nhan' }]);
  // It is still the reception: the cutoff moves the first step too.
  expect(at.dossier.open[0]?.dueAt).toBe(vn('2026-01-19 17:00'));
  expect(at.dossier.acts.accepted?.officerId).toBe(at.province.commune.clerk.id);
});

test("numbers restart each day and grow without gaps; another agency's are its own", () => {
  const at = createScenario([building]);
  const codes = [
    [at.province.commune, '2026-01-15 08:00'],
    [at.province.commune, '2026-01-15 16:00'],
    [at.province.otherCommune, '2026-01-15 16:00'],
    [at.province.commune, '2026-01-16 00:00'],
  ] as const;
  const drawn = codes.map(([office, moment]) => {
    const command = lodging({ province: at.province, now: vn(moment) }, uuidv7(), building, {
      caller: callerFrom(office.clerk),
    });
    const decision = decide(command, at.world);
    if (!decision.ok) throw new Error(decision.refusal.message);
    const { dossier } = decision.value.change;
    const { prefix, number } = numberOf(dossier);
    at.world.nextNumbers.set(prefix, number + 1);
    return dossier.code;
  });
  expect(drawn).toEqual([
    'H61.855.29542-260115-0001',
    'H61.855.29542-260115-0002',
    'H61.855.29545-260115-0001',
    'H61.855.29542-260116-0001',
  ]);
});

test('the time limit of the channel', () => {
  const at = createScenario([choosy]);
  at.lodge(choosy, { channel: Channel.ONLINE, data: { area_m2: '1' }, papers: [handed('don')] });
  expect(at.dossier.dueAt).toBe(vn('2026-01-20 17:00'));
});

test('a refusal names every missing mandatory paper, conditional ones where their condition holds', () => {
  const large = { area_m2: '100.5' };
  expect(violations({ data: large, papers: [] })).toEqual(['papers PAPER_MISSING']);
  expect(refusalOf({ data: large, papers: [] }).violations?.[0]?.description).toMatch(
    /\(key don\) is missing; .+ \(key [\w-]+\) is missing$/,
  );
  expect(violations({ data: large, papers: [handed('don')] })).toEqual(['papers PAPER_MISSING']);
  const at = createScenario([choosy]);
  at.lodge(choosy, { data: { area_m2: '100' }, papers: [handed('don')] });
  expect(at.dossier.papers).toHaveLength(1);
});

const nobody = Applicant.fromPartial({ fullName: 'Nguyễn Thị Mẫu' });

test('a result can only go to an address that is known', () => {
  const of = (way: ReturnWay, place: string, more: Partial<Applicant> = {}) =>
    violations({
      applicant: { ...nobody, ...more },
      resultReturn: { way, place, agencyId: '' },
      papers: [handed('don')],
      data: { area_m2: '100' },
    });
  const missing = ['result_return.place FIELD_REQUIRED'];
  expect(of(ReturnWay.POST, '')).toEqual(missing);
  expect(of(ReturnWay.POST, '', { email: 'mau@example.vn' })).toEqual(missing);
  expect(of(ReturnWay.ELECTRONIC, '', { address: 'Ấp An Thạnh' })).toEqual(missing);
  const at = createScenario([choosy]);
  const whole = { data: { area_m2: '100' }, papers: [handed('don')], applicant: nobody };
  at.lodge(choosy, { ...whole, resultReturn: { way: ReturnWay.POST, place: 'Ấp 3', agencyId: '' } });
  expect(at.dossier.resultReturn).toEqual({ way: ReturnWay.POST, place: 'Ấp 3', agencyId: '' });
});

test('a refusal lists all violations at once', () => {
  expect(
    violations({
      channel: Channel.POST,
      applicant: { ...nobody, fullName: '  ' },
      resultReturn: { way: ReturnWay.POST, place: '', agencyId: '' },
      data: { area_m2: 'lớn', colour: 'đỏ' },
      papers: [
        handed('la'),
        handed('', { name: ' ' }),
        handed('don', { sha256: 'A'.repeat(64) }),
        handed('anh', { sha256: '' }),
        handed('anh', { copies: -1 }),
      ],
    }),
  ).toEqual([
    'channel CHANNEL_NOT_OFFERED',
    'applicant.full_name FIELD_REQUIRED',
    'result_return.place FIELD_REQUIRED',
    'data.colour DATA_FIELD_UNKNOWN',
    'data.area_m2 DATA_NOT_NUMBER',
    'papers[0].key PAPER_UNKNOWN',
    'papers[1].name FIELD_REQUIRED',
    'papers[2].sha256 DIGEST_INVALID',
    'papers[3].sha256 PAPER_EMPTY',
    'papers[4].copies COUNT_INVALID',
  ]);
  expect(violations({ data: {}, papers: [handed('don')] })).toEqual(['data.area_m2 DATA_MISSING']);
});

test('text counts in either Unicode form', () => {
  const at = createScenario([choosy]);
  at.lodge(choosy, {
    data: { area_m2: '1', kind: 'Nhà ở'.normalize('NFD') },
    papers: [handed('don')],
  });
  expect(at.dossier.data.kind).toBe('Nhà ở'.normalize('NFC'));
});

test.each([
  ['before it is in force', '2024-12-31 10:00', building.code, 'PROCEDURE_NOT_IN_FORCE'],
  ['a code nobody knows', '2026-01-15 10:00', '9.999999', 'PROCEDURE_NOT_IN_FORCE'],
])('no procedure: %s', (_, moment, code, reason) => {
  const at = createScenario([building]);
  const refused = decide(lodging({ province: at.province, now: vn(moment) }, uuidv7(), { code }), at.world);
  expect(refused).toMatchObject({ ok: false, refusal: { kind: 'not-found', reason } });
});

test('the version in force at the date', () => {
  const old = { ...building, endedOn: '2026-01-15', state: ProcedureState.AMENDED };
  const next = { ...fourSteps(), code: building.code, version: 2, effectiveOn: '2026-01-15' };
  const at = createScenario([old, next]);
  at.now = vn('2026-01-14 23:59');
  at.lodge(building);
  expect(at.dossier.procedureId).toBe(old.id);
  const later = createScenario([old, next]);
  later.now = vn('2026-01-15 00:00');
  later.lodge(building);
  expect(later.dossier.procedureId).toBe(next.id);
});

test.each(['province', 'land'] as const)(
  'refused at an agency whose tier does not take it in: %s',
  (which) => {
    const at = createScenario([building]);
    const caller = callerFrom(at.province[which].clerk);
    const refused = decide(lodging(at, uuidv7(), building, { caller }), at.world);
    expect(refused).toMatchObject({ ok: false, refusal: { reason: 'WRONG_TIER' } });
  },
);

test("a sub-procedure's dossier takes what fits from its parent, at any agency", () => {
  const at = createScenario([choosy]);
  at.lodge(choosy, {
    caller: { ...callerFrom(at.province.land.clerk), officerId: '' },
    channel: Channel.POST,
    data: { area_m2: 'lớn', kind: SECRET, colour: 'đỏ' },
    papers: [handed('la')],
    accept: false,
    parentDossierId: uuidv7(),
    parentTask: 3,
  });
  expect(at.dossier).toMatchObject({ data: { kind: SECRET }, papers: [{ key: '' }], parentTask: 3 });
  expect(Object.keys(at.dossier.data)).toEqual(['kind']);
});

test('a first step without a performer refuses the lodging and names the block', () => {
  const lost = procedure(step('xem', { performer: { performer: { $case: 'function', value: 'sea' } } }), {
    tiers: [Tier.COMMUNE],
  });
  const at = createScenario([lost]);
  const refused = decide(lodging(at, uuidv7(), lost), at.world);
  expect(refused).toMatchObject({
    ok: false,
    refusal: { reason: 'PERFORMER_UNKNOWN', metadata: { block: 'xem', performer: 'function:sea' } },
  });
  at.lodge(lost, { accept: false });
  expect(at.refusal(at.province.commune.clerk, { kind: 'accept' }).reason).toBe('PERFORMER_UNKNOWN');
  expect([...at.tasks.values()].map(({ state }) => state)).toEqual([TaskState.OPEN]);
});

describe('the fee', () => {
  const copies = procedure(step('xem', { produces: ['giay-phep'] }), {
    ways: [Channel.IN_PERSON, Channel.ONLINE].map((channel) => ({
      channel,
      timeLimit: undefined,
      feeVnd: 0n,
      note: '',
      applicants: [],
      cases: [],
    })),
    fees: Definition.fromPartial({
      fees: [
        {
          key: 'ban-sao',
          name: 'Phí bản sao',
          rules: [
            { amountVnd: 8_000n, count: 'floors', unit: 'bản', lastDay: '2026-01-31' },
            { amountVnd: 9_000n, condition: 'data.floors < 10', count: 'floors', firstDay: '2026-02-01' },
            { amountVnd: 1n, condition: 'data.floors > 8', firstDay: '2026-02-01' },
          ],
          reliefs: [{ name: 'Trực tuyến', percent: 50, condition: 'channel == 2', lastDay: '2026-01-15' }],
        },
      ],
    }).fees,
  });
  const lodged = (now: string, more: Partial<Lodge> = {}) => {
    const at = createScenario([copies]);
    at.now = vn(now);
    const reply = at.lodge(copies, { data: { floors: '3' }, ...more });
    return { at, reply };
  };

  test('is computed by the rules of the day, kept, and explained', () => {
    const { at, reply } = lodged('2026-01-15 09:00', { channel: Channel.ONLINE });
    expect(reply.fee).toEqual({
      totalVnd: 12_000n,
      lines: [
        {
          key: 'ban-sao',
          name: 'Phí bản sao',
          amountVnd: 12_000n,
          vi: 'Phí bản sao: 8.000 đồng/bản × 3 bản = 24.000 đồng; giảm 50%: Trực tuyến, đến hết ngày 15/01/2026, còn 12.000 đồng',
          en: 'Phí bản sao: 8.000 VND/bản × 3 bản = 24.000 VND; 50% off: Trực tuyến, đến hết ngày 15/01/2026, leaves 12.000 VND',
        },
      ],
    });
    expect(lodged('2026-01-16 09:00', { channel: Channel.ONLINE }).reply.fee?.totalVnd).toBe(24_000n);
    expect(lodged('2026-02-02 09:00').reply.fee?.totalVnd).toBe(27_000n);
    at.now = vn('2026-02-02 09:00');
    at.carryOut(at.province.commune.officer, { kind: 'claim', taskNumber: 1 });
    expect(at.dossier.fees?.each).toMatchObject([{ amountVnd: 12_000 }]);
  });

  test('is what a payment is requested for, once', () => {
    const { at } = lodged('2026-01-16 09:00');
    const { clerk, officer } = at.province.commune;
    const ask = { kind: 'request-payment' as const, amountVnd: 0, content: '' };
    at.carryOut(officer, ask);
    expect(at.dossier.pause).toMatchObject({
      amountVnd: 24_000,
      content: 'Phí bản sao: 8.000 đồng/bản × 3 bản = 24.000 đồng',
    });
    at.carryOut(clerk, { kind: 'record-payment', amountVnd: 24_000, receipt: '1' });
    expect(at.refusal(officer, ask)).toMatchObject({
      kind: 'failed-precondition',
      violations: [{ field: 'amount_vnd', reason: 'NOTHING_TO_PAY' }],
    });
    at.carryOut(officer, { ...ask, amountVnd: 5_000 });
    expect(at.dossier.pause).toMatchObject({ amountVnd: 5_000, content: '' });
  });

  test('that was never computed is no amount of a payment', () => {
    const { at } = lodged('2026-01-16 09:00');
    at.world.dossiers.set(at.dossier.id, { ...at.dossier, fees: null });
    const ask = { kind: 'request-payment' as const, amountVnd: 0, content: '' };
    expect(at.refusal(at.province.commune.officer, ask).violations).toMatchObject([
      { field: 'amount_vnd', reason: 'FEE_NOT_COMPUTED' },
    ]);
  });

  test.each<[string, string, Record<string, string>, string]>([
    ['no rule holds', '2026-02-02 09:00', {}, 'data.floors CONDITION_FAILED'],
    ['two rules hold', '2026-02-02 09:00', { floors: '9' }, 'data.floors FEE_RULE_AMBIGUOUS'],
    ['the count is missing', '2026-01-02 09:00', {}, 'data.floors FEE_COUNT_MISSING'],
  ])('is refused where %s', (_, now, data, expected) => {
    const at = createScenario([copies]);
    at.now = vn(now);
    const refused = decide(lodging(at, uuidv7(), copies, { data }), at.world);
    if (refused.ok) throw new Error('was accepted');
    const { kind, reason, violations = [] } = refused.refusal;
    expect({ kind, reason }).toEqual({ kind: 'failed-precondition', reason: 'FEE_NOT_COMPUTED' });
    expect(violations.map((one) => `${one.field} ${one.reason}`)).toContain(expected);
  });
});

describe('a procedure with cases, and rows of one channel', () => {
  const byCase = (key: string, timeLimit: number, condition = '') => ({
    key,
    name: `Trường hợp ${key}`,
    condition,
    timeLimit: inDays(timeLimit),
  });
  const row = (applicants: ApplicantKind[], timeLimit: Definition['timeLimit'], cases: string[] = []) => ({
    channel: Channel.IN_PERSON,
    applicants,
    timeLimit,
    cases,
    feeVnd: 0n,
    note: '',
  });
  const status = procedure(step('xem', { produces: ['giay-phep'] }), {
    cases: [byCase('thuong', 3, '!data.urgent'), byCase('xac-minh', 23, 'data.urgent')],
    papers: [paper('don', true), { ...paper('van-ban', true), cases: ['xac-minh'] }],
    ways: [
      row([ApplicantKind.CITIZEN], undefined),
      row([ApplicantKind.ORGANISATION], inHalfDays(3), ['thuong']),
      { ...row([], inCalendarDays(10), ['xac-minh']), channel: Channel.ONLINE },
    ],
  });
  const both = [handed('don'), handed('van-ban')];
  const applicant = (kind: ApplicantKind) => Applicant.fromPartial({ fullName: 'A', kind });
  const lodged = (more: Partial<Lodge>) => {
    const at = createScenario([status]);
    at.lodge(status, { papers: both, ...more });
    return at;
  };

  test('the limit follows the case that the caller names or the data fits', () => {
    const usual = lodged({ caseKey: '', data: { urgent: 'false' } });
    expect(usual.dossier).toMatchObject({ caseKey: 'thuong', dueAt: vn('2026-01-20 17:00') });
    const checked = lodged({ caseKey: 'xac-minh', data: { urgent: 'true' } });
    expect(checked.dossier).toMatchObject({ caseKey: 'xac-minh', dueAt: vn('2026-02-24 17:00') });
  });

  test('a row has its own limit, in half days or calendar days', () => {
    const organisation = { applicant: applicant(ApplicantKind.ORGANISATION), data: { urgent: 'false' } };
    expect(lodged(organisation).dossier.clock?.duration).toEqual(halfDays(3));
    const online = { channel: Channel.ONLINE, data: { urgent: 'true' } };
    expect(lodged(online).dossier.clock?.duration).toEqual(calendarDays(10));
  });

  test('it keeps the case and the kind when it is accepted later', () => {
    const at = lodged({
      accept: false,
      applicant: applicant(ApplicantKind.ORGANISATION),
      data: { urgent: 'false' },
    });
    at.carryOut(at.province.commune.clerk, { kind: 'accept' });
    expect(at.dossier.clock?.duration).toEqual(halfDays(3));
  });

  test.each<[string, Partial<Lodge>, string[]]>([
    ['an unknown case', { caseKey: 'khac', data: { urgent: 'true' } }, ['case_key CASE_UNKNOWN']],
    [
      'a case that the data contradicts',
      { caseKey: 'thuong', data: { urgent: 'true' } },
      ['case_key CASE_CONTRADICTED'],
    ],
    ['no case, and data that decides none', { data: {} }, ['case_key CONDITION_FAILED']],
    [
      'an applicant that the channel is not for',
      { applicant: applicant(ApplicantKind.FOREIGN), data: { urgent: 'false' } },
      ['applicant.kind WAY_NOT_FOR_APPLICANT'],
    ],
    [
      'an applicant of unknown kind',
      { applicant: applicant(ApplicantKind.UNSPECIFIED), data: { urgent: 'false' } },
      ['applicant.kind WAY_NOT_FOR_APPLICANT'],
    ],
    [
      'a channel that is not for the case',
      { channel: Channel.ONLINE, data: { urgent: 'false' } },
      ['channel WAY_NOT_FOR_CASE'],
    ],
    [
      'a paper of the case missing',
      { papers: [handed('don')], data: { urgent: 'true' } },
      ['papers PAPER_MISSING'],
    ],
  ])('%s is refused', (_, more, expected) => {
    expect(violations({ papers: both, ...more }, status)).toEqual(expected);
  });
});
