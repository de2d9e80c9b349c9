import { DataType, Definition } from '@lienthong/contracts/registry';
import {
  ancestor,
  choice,
  consultation,
  dataField,
  Effect,
  handOver,
  holderOf,
  inCalendarDays,
  inDays,
  inMinutes,
  intake,
  Join,
  named,
  outcome,
  parallel,
  sequence,
  step,
  subProcedure,
  Tier,
} from '@lienthong/workflow/testing';
import { describe, expect, test } from 'vitest';
import { finishes, keys, planned, refusedWith, run, simulated } from '../../../test/support/simulated.ts';
import { compiled, shown, territory, vn } from '../../../test/support/territory.ts';

const land = holderOf('so');

const overTet = sequence(
  'tat-ca',
  step('tiep-nhan', { timeLimit: inMinutes(240) }),
  step('tham-dinh', { performer: land, timeLimit: inDays(2) }),
  handOver('tra-ve', intake, true),
  step('tra-ket-qua'),
);

describe('choices', () => {
  const bigger = choice(
    'lon',
    [['data.area_m2 > 500.0', step('hop', { timeLimit: inDays(3) })]],
    step('nhanh', { timeLimit: inMinutes(60) }),
  );
  const thenToo = choice('lai', [['data.area_m2 > 500.0', step('lap-lai', { timeLimit: inMinutes(60) })]]);

  test('that are open give the earliest and the latest finish; every step is planned', () => {
    const result = simulated(bigger);
    expect(planned(result)).toEqual([
      'hop xa 2026-02-12 09:00 → 2026-02-24 17:00',
      'nhanh xa 2026-02-12 09:00 → 2026-02-12 10:00',
    ]);
    expect(finishes(result)).toEqual(['2026-02-12 10:00', '2026-02-24 17:00']);
    expect(keys(result.criticalPath)).toEqual(['hop']);
    expect(result.steps.map(({ critical }) => critical)).toEqual([true, false]);
  });

  test('that the data decides go one way', () => {
    const result = simulated(bigger, { data: { area_m2: '500' } });
    expect(keys(result.steps)).toEqual(['nhanh']);
    expect(finishes(result)).toEqual(['2026-02-12 10:00', '2026-02-12 10:00']);
  });

  test('on the same condition agree, so that no dossier takes an impossible way', () => {
    // Not: quickly first, then "lap-lai"; not: "hop", and nothing more.
    expect(finishes(simulated(sequence('tat-ca', bigger, thenToo)))).toEqual([
      '2026-02-12 10:00',
      '2026-02-25 08:00',
    ]);
  });

  test('may be too many to follow; then the answer says what to state', () => {
    const many = sequence(
      'tat-ca',
      ...Array.from({ length: 16 }, (_, i) =>
        choice(`chon-${i}`, [[`data.floors > ${i} && data.urgent`, step(`buoc-${i}`)]]),
      ),
    );
    expect(refusedWith(many)).toEqual({
      kind: 'failed-precondition',
      reason: 'WAYS_TOO_MANY',
      violations: ['data WAYS_TOO_MANY'],
    });
    const result = run(many);
    expect(result.ok ? '' : result.refusal.message).toContain('data.floors, data.urgent');
    expect(simulated(many, { data: { urgent: 'false' } }).steps).toEqual([]);
  });

  test('see the tier of the intake agency', () => {
    const byTier = choice('cap', [['intake_tier == "province"', step('o-tinh')]], step('o-xa'));
    expect(keys(simulated(byTier).steps)).toEqual(['o-xa']);
    const definition = { tiers: [Tier.COMMUNE, Tier.PROVINCE] };
    expect(keys(simulated(byTier, { intakeAgencyId: 'tinh', definition }).steps)).toEqual(['o-tinh']);
  });

  test('refuse data that the procedure does not declare', () => {
    expect(refusedWith(bigger, { data: { area_m2: 'to', dien_tich: '5' } })).toEqual({
      kind: 'invalid-argument',
      reason: 'DATA_INVALID',
      violations: ['data.dien_tich DATA_FIELD_UNKNOWN', 'data.area_m2 DATA_NOT_NUMBER'],
    });
  });
});

describe('outcomes', () => {
  const outcomes = [outcome('du'), outcome('xong', Effect.FINISH), outcome('tu-choi', Effect.REFUSE)];
  test('that finish are the earliest end; refusals are none', () => {
    const result = simulated(
      sequence('tat-ca', step('xet', { timeLimit: inMinutes(60), outcomes }), step('sau')),
    );
    expect(finishes(result)).toEqual(['2026-02-12 10:00', '2026-02-13 17:00']);
    expect(keys(result.criticalPath)).toEqual(['xet', 'sau']);
  });

  test('when every end is a refusal nothing is ever finished', () => {
    const result = simulated(step('tu-choi', { outcomes: [outcome('khong', Effect.REFUSE)] }));
    expect(finishes(result)).toEqual(['never', 'never']);
    expect(planned(result)).toHaveLength(1);
  });
});

describe('side by side', () => {
  const branches = (join: Join) =>
    sequence(
      'tat-ca',
      parallel(
        'cung-luc',
        join,
        step('chinh', { timeLimit: inMinutes(120) }),
        step('lau', { performer: land, timeLimit: inMinutes(180) }),
        step('chong', { performer: ancestor(Tier.PROVINCE), timeLimit: inMinutes(60) }),
      ),
      step('sau', { timeLimit: inMinutes(60) }),
    );
  test.each<[string, Join, string, string]>([
    // 09:00 to 11:00, 13:00 to 14:00 at the department.
    ['all', Join.ALL, 'lau', '2026-02-12 15:00'],
    ['the lead', Join.LEAD, 'chinh', '2026-02-12 14:00'],
    ['the first', Join.FIRST, 'chong', '2026-02-12 11:00'],
  ])('%s decide when it goes on', (_, join, critical, end) => {
    const result = simulated(branches(join));
    expect(keys(result.criticalPath)).toEqual([critical, 'sau']);
    expect(finishes(result)).toEqual([end, end]);
    expect(result.steps).toHaveLength(4);
  });

  test('the consulted answer each by their own calendar; the lead waits for the last', () => {
    const ask = sequence('tat-ca', consultation('y-kien', land, named('so-sang'), intake), step('sau'));
    expect(planned(simulated(ask, { receivedAt: vn('2026-02-12 14:00') }))).toEqual([
      'y-kien so 2026-02-12 14:00 → 2026-02-23 17:00',
      'y-kien so-sang 2026-02-13 08:00 → 2026-02-24 12:00',
      'y-kien xa 2026-02-12 14:00 → 2026-02-23 17:00',
      'sau xa 2026-02-24 13:00 → 2026-02-25 17:00',
    ]);
  });
});

describe('a sub-procedure', () => {
  const inner = compiled(
    sequence(
      'ben-trong',
      step('nhan', { timeLimit: inMinutes(60) }),
      choice('c', [['data.urgent', step('gap')]]),
    ),
  );
  const root = sequence('tat-ca', subProcedure('con', '1.000001'), step('sau', { timeLimit: inMinutes(60) }));
  test('is gone through for its own intake agency, with data of its own', () => {
    const result = simulated(root, { in: territory({ '1.000001': inner }), data: { urgent: 'false' } });
    expect(keys(result.steps)).toEqual(['con/nhan', 'con/gap', 'sau']);
    expect(finishes(result)).toEqual(['2026-02-12 11:00', '2026-02-23 08:00']);
  });

  test('must be in force, and end', () => {
    expect(refusedWith(root)).toEqual({
      kind: 'failed-precondition',
      reason: 'SUB_PROCEDURE_NOT_IN_FORCE',
      violations: [
        'workflow.root.sequence.blocks[0].sub_procedure.procedure_code SUB_PROCEDURE_NOT_IN_FORCE',
      ],
    });
    const circle = territory({ '1.000001': compiled(root) });
    expect(refusedWith(root, { in: circle }).reason).toBe('SUB_PROCEDURES_TOO_DEEP');
  });
});

test('relations without an agency are named with their places', () => {
  const root = sequence(
    'tat-ca',
    step('mot', { performer: holderOf('khong') }),
    consultation('hai', land, holderOf('khong')),
    handOver('ba', ancestor(Tier.MINISTRY)),
  );
  expect(refusedWith(root)).toEqual({
    kind: 'failed-precondition',
    reason: 'PERFORMER_UNRESOLVED',
    violations: [
      'workflow.root.sequence.blocks[0].step.performer PERFORMER_UNRESOLVED',
      'workflow.root.sequence.blocks[1].consultation.consulted[1] PERFORMER_UNRESOLVED',
      'workflow.root.sequence.blocks[2].hand_over.to PERFORMER_UNRESOLVED',
    ],
  });
});

test('an agency that takes in no such dossiers is refused', () => {
  const refusal = {
    kind: 'failed-precondition',
    reason: 'AGENCY_TAKES_NOTHING_IN',
    violations: ['intake_agency_id AGENCY_TAKES_NOTHING_IN'],
  };
  expect(refusedWith(overTet, { intakeAgencyId: 'tinh' })).toEqual(refusal);
  const gone = { ...territory(), performer: () => undefined };
  expect(refusedWith(overTet, { in: gone })).toEqual(refusal);
});

test('a reception beyond the calendar is refused', () => {
  expect(refusedWith(overTet, { receivedAt: vn('1990-01-02 09:00') })).toMatchObject({
    kind: 'out-of-range',
    reason: 'OUTSIDE_CALENDAR',
  });
  // The year of arrivals leaves it, though the example dossier does not.
  const late = { receivedAt: vn('2036-06-02 09:00') };
  expect(run(overTet, late).ok).toBe(true);
  expect(refusedWith(overTet, { ...late, yearlyVolume: 10 }).reason).toBe('OUTSIDE_CALENDAR');
});

test('every way shows its time limit, deadline and fee, or why the fee is open', () => {
  const { ways, cases, fees } = Definition.fromPartial({
    ways: [
      { channel: 1 },
      { channel: 2, applicants: [1, 3], cases: ['xac-minh'], timeLimit: inCalendarDays(10) },
    ],
    cases: [
      { key: 'thuong', name: 'Thường' },
      { key: 'xac-minh', name: 'Phải xác minh', timeLimit: inDays(23) },
    ],
    fees: [{ key: 'phi', name: 'Phí', rules: [{ amountVnd: 8_000n, count: 'floors', unit: 'bản' }] }],
  });
  const definition = { ways, cases, fees, timeLimit: inDays(3) };
  const shownWays = (data: Record<string, string>) =>
    simulated(step('mot'), { definition, data, receivedAt: vn('2026-03-02 09:00') }).ways.map((way) =>
      [
        way.channel,
        way.applicantKind,
        way.caseKey,
        shown(way.legalDeadline),
        way.feeVnd,
        way.feeOpen !== '',
      ].join(' '),
    );
  expect(shownWays({ floors: '2' })).toEqual([
    '1 0 thuong 2026-03-05 17:00 16000 false',
    '1 0 xac-minh 2026-04-02 17:00 16000 false',
    '2 1 xac-minh 2026-03-12 17:00 16000 false',
    '2 3 xac-minh 2026-03-12 17:00 16000 false',
  ]);
  expect(shownWays({})[0]).toBe('1 0 thuong 2026-03-05 17:00 0 true');
  const [first] = simulated(step('mot'), { definition, data: { floors: '2' } }).ways;
  expect(first).toMatchObject({
    timeLimit: inDays(3),
    feeExplanations: ['Phí: 8.000 đồng/bản × 2 bản = 16.000 đồng'],
  });
});

test('the difference is this version minus the one in force', () => {
  const paper = (key: string) => ({
    key,
    name: `Giấy ${key}`,
    form: '',
    originals: 1,
    copies: 0,
    mandatory: true,
    condition: '',
    cases: [],
  });
  const before = compiled(overTet, {
    timeLimit: inDays(15),
    papers: [paper('don'), paper('so-ho-khau'), paper('ban-ve')],
    ways: [
      { channel: 2, feeVnd: 1n, note: '', timeLimit: undefined, applicants: [], cases: [] },
      { channel: 1, feeVnd: 150_000n, note: '', timeLimit: undefined, applicants: [], cases: [] },
    ],
    data: [
      dataField('gone', DataType.TEXT),
      dataField('owner', DataType.GROUP, { fields: [dataField('name', DataType.TEXT)] }),
      dataField('kept', DataType.TEXT, { label: 'Cũ' }),
    ],
  });
  const { difference } = simulated(step('mot'), {
    definition: {
      timeLimit: inMinutes(2640),
      papers: [paper('don'), paper('the-can-cuoc')],
      ways: [],
      data: [
        dataField('owner', DataType.GROUP, {
          fields: [dataField('name', DataType.TEXT, { required: true }), dataField('born', DataType.DATE)],
        }),
        dataField('kept', DataType.TEXT, { label: 'Mới' }),
      ],
    },
    inForce: { version: 3, workflow: before },
  });
  expect(difference).toEqual({
    againstVersion: 3,
    workingDays: 5.5 - 15,
    papers: -1,
    feeVnd: -150_000n,
    contacts: -1,
    steps: 1 - 4,
    agencies: 1 - 2,
    papersRemoved: ['Giấy so-ho-khau', 'Giấy ban-ve'],
    papersAdded: ['Giấy the-can-cuoc'],
    dataRemoved: ['gone'],
    dataAdded: ['owner.born'],
    dataChanged: ['owner.name'],
  });
});
