import type { Block, Definition, SimulateProcedureResponse } from '@lienthong/contracts/registry';
import type { Result } from '@lienthong/kit';
import {
  ancestor,
  choice,
  consultation,
  Effect,
  handOver,
  holderOf,
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
import { compiled, shown, territory, vn } from '../../../test/support/territory.ts';
import { type Simulation, simulate } from './simulate.ts';
import type { Territory } from './territory.ts';

type More = Partial<Simulation> & { definition?: Partial<Definition>; in?: Territory };

function run(root: Block, { definition, in: where = territory(), ...more }: More = {}) {
  const asked: Simulation = {
    workflow: compiled(root, definition),
    inForce: undefined,
    intakeAgencyId: 'xa',
    receivedAt: vn('2026-02-12 09:00'),
    yearlyVolume: 0,
    seed: 1n,
    data: {},
    ...more,
  };
  const going = simulate(asked, where);
  for (;;) {
    const { done, value } = going.next();
    if (done) return value as Result<SimulateProcedureResponse>;
  }
}

function simulated(root: Block, more: More = {}): SimulateProcedureResponse {
  const result = run(root, more);
  if (!result.ok) throw new Error(result.refusal.message);
  return result.value;
}

const refusedWith = (root: Block, more: More = {}) => {
  const result = run(root, more);
  if (result.ok) throw new Error('not refused');
  const { kind, reason, violations = [] } = result.refusal;
  return { kind, reason, violations: violations.map((one) => `${one.field} ${one.reason}`) };
};

const planned = ({ steps }: SimulateProcedureResponse) =>
  steps.map((one) => `${one.key} ${one.agencyId} ${shown(one.startsAt)} → ${shown(one.endsAt)}`);
const finishes = ({ earliestFinish, latestFinish }: SimulateProcedureResponse) => [
  shown(earliestFinish),
  shown(latestFinish),
];
const keys = (steps: SimulateProcedureResponse['steps']) => steps.map(({ key }) => key);
const land = holderOf('so');

const overTet = sequence(
  'tat-ca',
  step('tiep-nhan', { timeLimit: inMinutes(240) }),
  step('tham-dinh', { performer: land, timeLimit: inDays(2) }),
  handOver('tra-ve', intake, true),
  step('tra-ket-qua'),
);

describe('over Tết 2026, off from 16 to 20 February', () => {
  test('what comes to the department at 15:00 counts that day', () => {
    const result = simulated(overTet, { definition: { timeLimit: inDays(5) } });
    expect(planned(result)).toEqual([
      'tiep-nhan xa 2026-02-12 09:00 → 2026-02-12 15:00',
      // Friday 13 and Monday 23.
      'tham-dinh so 2026-02-12 15:00 → 2026-02-23 17:00',
      // Came at closing time, after the cutoff.
      'tra-ve xa 2026-02-24 07:00 → 2026-02-24 11:00',
      // Stays in the agency: the next morning's day is the first.
      'tra-ket-qua xa 2026-02-24 13:00 → 2026-02-25 17:00',
    ]);
    expect(finishes(result)).toEqual(['2026-02-25 17:00', '2026-02-25 17:00']);
    // 13, 23, 24, 25 and 26 February.
    expect(shown(result.legalDeadline)).toBe('2026-02-26 17:00');
    expect(result.agencyTimes).toEqual([
      { agencyId: 'xa', agencyName: 'Cơ quan xa', workingMinutes: 960n, steps: 3 },
      { agencyId: 'so', agencyName: 'Cơ quan so', workingMinutes: 960n, steps: 1 },
    ]);
    expect(result.loads).toEqual([]);
    expect(result.difference).toBeUndefined();
  });

  test('a second later it is a working day later, and the holiday is in between', () => {
    const result = simulated(overTet, { receivedAt: vn('2026-02-12 09:00:01') });
    expect(planned(result)).toEqual([
      'tiep-nhan xa 2026-02-12 09:00:01 → 2026-02-12 15:00:01',
      'tham-dinh so 2026-02-13 07:00 → 2026-02-24 17:00',
      'tra-ve xa 2026-02-25 07:00 → 2026-02-25 11:00',
      'tra-ket-qua xa 2026-02-25 13:00 → 2026-02-26 17:00',
    ]);
  });

  test('received after the cutoff of the last day, it starts after the holiday', () => {
    const result = simulated(overTet, { receivedAt: vn('2026-02-13 15:00:01') });
    expect(planned(result)[0]).toBe('tiep-nhan xa 2026-02-23 07:00 → 2026-02-23 11:00');
  });

  test('an agency with hours of its own is planned by them', () => {
    const result = simulated(
      sequence(
        'tat-ca',
        step('hoi', { performer: named('so-sang'), timeLimit: inMinutes(300) }),
        step('tra', { timeLimit: inMinutes(60) }),
      ),
      { receivedAt: vn('2026-02-12 14:00') },
    );
    expect(planned(result)).toEqual([
      // Four hours on Friday morning, one after the holiday.
      'hoi so-sang 2026-02-13 08:00 → 2026-02-23 09:00',
      'tra xa 2026-02-23 09:00 → 2026-02-23 10:00',
    ]);
  });

  test('days within one agency follow one another', () => {
    const days = sequence('tat-ca', step('mot'), step('hai'), step('ba', { timeLimit: inDays(0) }));
    expect(planned(simulated(days))).toEqual([
      'mot xa 2026-02-12 09:00 → 2026-02-13 17:00',
      'hai xa 2026-02-23 07:00 → 2026-02-23 17:00',
      'ba xa 2026-02-23 17:00 → 2026-02-23 17:00',
    ]);
  });
});

test('a hand-over goes through every tier between, each with its time and its cutoff', () => {
  const result = simulated(
    sequence(
      'tat-ca',
      handOver('len', ancestor(Tier.PROVINCE)),
      step('duyet', { performer: ancestor(Tier.PROVINCE) }),
      handOver('ve', intake, true),
    ),
  );
  expect(planned(result)).toEqual([
    'len huyen 2026-02-12 09:00 → 2026-02-12 15:00',
    'len tinh 2026-02-12 15:00 → 2026-02-13 09:00',
    'duyet tinh 2026-02-13 09:00 → 2026-02-23 17:00',
    've huyen 2026-02-24 07:00 → 2026-02-24 11:00',
    've xa 2026-02-24 13:00 → 2026-02-24 17:00',
  ]);
  expect(result.criticalPath).toHaveLength(5);
});

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

  test('on the same condition agree, so that nobody goes a way that cannot be', () => {
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

  test('refuse data that is none of the procedure', () => {
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

test('relations that mean nobody are named with their places', () => {
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

test('the difference is this version minus the one in force', () => {
  const paper = (key: string) => ({
    key,
    name: `Giấy ${key}`,
    form: '',
    originals: 1,
    copies: 0,
    mandatory: true,
    condition: '',
  });
  const before = compiled(overTet, {
    timeLimit: inDays(15),
    papers: [paper('don'), paper('so-ho-khau'), paper('ban-ve')],
    ways: [
      { channel: 2, feeVnd: 1n, note: '', timeLimit: undefined },
      { channel: 1, feeVnd: 150_000n, note: '', timeLimit: undefined },
    ],
  });
  const { difference } = simulated(step('mot'), {
    definition: { timeLimit: inMinutes(2640), papers: [paper('don'), paper('the-can-cuoc')], ways: [] },
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
  });
});
