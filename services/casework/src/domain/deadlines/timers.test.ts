import { TaskState, Urgency } from '@lienthong/contracts/casework';
import { Join } from '@lienthong/contracts/registry';
import { consultation, holderOf, inDays, parallel, sequence, step } from '@lienthong/workflow/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  agenciesOf,
  calendarsOf,
  names,
  officersOf,
  platformActs,
  withDaysOff,
} from '../../../test/support/passing-time.ts';
import { fourSteps, procedure } from '../../../test/support/procedures.ts';
import { createScenario, type Scenario, vn } from '../../../test/support/scenario.ts';
import { fireTimers } from './timers.ts';

const building = fourSteps();
const oneDay = { timeLimit: inDays(1) };
const fireAt = (at: Scenario, moment?: string | number) => {
  if (moment !== undefined) at.now = typeof moment === 'string' ? vn(moment) : moment;
  return platformActs(at, fireTimers);
};
const fireStages = (at: Scenario, moment?: string | number) =>
  fireAt(at, moment).map(({ type, payload }) => ({
    type: type.slice('lienthong.casework.v1.'.length),
    ...('officerId' in payload ? { officer: payload.officerId, agency: payload.agencyId } : {}),
    ...('task' in payload ? { task: payload.task?.number ?? 0 } : {}),
  }));

/** A dossier in its first step of one day, due on Friday, 16 January, 17:00. */
function lodged(): Scenario {
  const at = createScenario([building]);
  at.lodge(building);
  expect(at.task('tiep-nhan').dueAt).toBe(vn('2026-01-16 17:00'));
  return at;
}

describe('a task that is not completed', () => {
  test('is due soon in the last quarter of its day, overdue after its end, escalated a working day later', () => {
    const at = lodged();
    const { head, officer } = at.province.commune;
    const agency = at.province.commune.agency.id;
    // Of 15 working hours from Thursday, 8:00, the last 3.75 begin on Friday, 13:15.
    expect(fireStages(at, vn('2026-01-16 13:15') - 1)).toEqual([]);
    expect(fireStages(at, '2026-01-16 13:15')).toEqual([
      { type: 'DeadlineNear', officer: head.id, agency, task: 1 },
    ]);
    expect(fireStages(at)).toEqual([]);
    at.carryOut(officer, { kind: 'claim', taskNumber: 1 });
    expect(fireStages(at, '2026-01-16 17:00')).toEqual([]);
    expect(fireStages(at, vn('2026-01-16 17:00') + 1)).toEqual([
      { type: 'DeadlinePassed', officer: officer.id, agency, task: 1 },
    ]);
    expect(fireStages(at, '2026-01-19 17:00')).toEqual([]);
    expect(fireStages(at, vn('2026-01-19 17:00') + 1)).toEqual([
      { type: 'OverdueEscalated', officer: head.id, agency, task: 1 },
    ]);
    expect(at.task('tiep-nhan')).toMatchObject({ urgency: Urgency.ESCALATED, timerAt: null });
  });

  test('events name the head when the assignee has left, and no officer without a head', () => {
    const at = lodged();
    const { head, officer, agency } = at.province.commune;
    at.carryOut(officer, { kind: 'claim', taskNumber: 1 });
    officersOf(at).put({ ...officer, validTo: '2026-01-16' }, 2);
    expect(fireStages(at, '2026-01-16 13:15')).toEqual([
      { type: 'TaskReleased', officer: head.id, agency: agency.id, task: 1 },
      { type: 'DeadlineNear', officer: head.id, agency: agency.id, task: 1 },
    ]);
    officersOf(at).put({ ...head, validTo: '2026-01-16' }, 2);
    expect(fireStages(at, vn('2026-01-16 17:00') + 1)).toMatchObject([{ officer: '' }]);
  });

  test('after an outage every stage has its event, in order', () => {
    const at = lodged();
    expect(fireStages(at, '2026-03-02 08:00').map(({ type, task }) => `${type} ${task}`)).toEqual([
      'DeadlineNear 1',
      'DeadlinePassed 1',
      'OverdueEscalated 1',
      'DeadlineNear 0',
      'DeadlinePassed 0',
      'OverdueEscalated 0',
    ]);
    expect(fireStages(at)).toEqual([]);
  });
});

test('a task that is completed in time has no event', () => {
  const at = lodged();
  at.complete('tiep-nhan');
  at.complete('tham-dinh', 'dat');
  expect(fireStages(at, '2026-01-16 16:59')).toEqual([]);
});

test('a pause stops timers, a resumption sets them', () => {
  const at = lodged();
  at.carryOut(at.province.commune.head, { kind: 'stop', reason: 'Chờ thiên tai' });
  expect(fireStages(at, '2026-06-01 08:00')).toEqual([]);
  at.carryOut(at.province.commune.head, { kind: 'resume' });
  expect(fireStages(at)).toEqual([]);
  expect(fireStages(at, '2026-06-02 16:00')).toMatchObject([{ type: 'DeadlineNear', task: 1 }]);
});

describe('an unanswered consultation', () => {
  const asking = procedure(
    sequence('s', consultation('hoi', holderOf('finance'), holderOf('land')), step('ket')),
  );

  test('expires, its event names the holder’s head, and the workflow continues when all are closed', () => {
    const at = createScenario([asking]);
    at.lodge(asking);
    const [first, second] = at.dossier.open.map(({ number }) => number);
    const { finance, commune } = at.province;
    at.carryOut(finance.officer, {
      kind: 'complete',
      taskNumber: first ?? 0,
      outcome: 'answered',
      note: 'Thống nhất',
      results: [],
      data: {},
    });
    // Two working days, because it came before the cutoff.
    expect(names(fireAt(at, '2026-01-19 17:00'))).toEqual(['DeadlineNear']);
    const events = fireAt(at, vn('2026-01-19 17:00') + 1);
    expect(names(events)).toEqual(['TaskClosed', 'ConsultationUnanswered', 'TaskOpened']);
    expect(events[1]?.payload).toMatchObject({
      task: { number: second, state: TaskState.EXPIRED, urgency: Urgency.OVERDUE },
      toldOfficerId: commune.head.id,
      toldAgencyId: commune.agency.id,
    });
    expect(at.task('ket').agency.agencyId).toBe(commune.agency.id);
    expect(at.tasks.get(second ?? 0)).toMatchObject({ state: TaskState.EXPIRED, timerAt: null });
  });

  test('together with another: the workflow continues once', () => {
    const at = createScenario([asking]);
    at.lodge(asking);
    expect(names(fireAt(at, vn('2026-01-19 17:00') + 1))).toEqual([
      'DeadlineNear',
      'DeadlineNear',
      'TaskClosed',
      'ConsultationUnanswered',
      'TaskClosed',
      'ConsultationUnanswered',
      'TaskOpened',
    ]);
    expect(at.dossier.open.map(({ blockKey }) => blockKey)).toEqual(['ket']);
  });

  test('that an officer requested expires; the requesting task stays open', () => {
    const at = lodged();
    const { commune, otherCommune } = at.province;
    at.carryOut(commune.officer, {
      kind: 'consult',
      taskNumber: 1,
      agencyIds: [otherCommune.agency.id],
      question: 'Có ý kiến gì?',
      dueAt: vn('2026-01-15 16:00'),
    });
    const events = fireAt(at, vn('2026-01-15 16:00') + 1);
    expect(names(events)).toEqual(['DeadlineNear', 'TaskClosed', 'ConsultationUnanswered']);
    expect(at.dossier.open.map(({ number }) => number)).toEqual([1]);
  });

  test('stays open when the workflow cannot continue without it; other timers fire', () => {
    const stuck = procedure(
      sequence('s', consultation('hoi', holderOf('finance')), step('ket', { performer: holderOf('biển') })),
    );
    const at = createScenario([stuck]);
    at.lodge(stuck);
    at.now = vn('2026-03-02 08:00');
    const outcome = fireTimers(at.dossier, at.world, at.now);
    expect(outcome.refusal).toMatchObject({ reason: 'PERFORMER_UNKNOWN', metadata: { block: 'ket' } });
    expect(names(outcome.decision ? [...outcome.decision.events] : [])).toEqual([
      'DeadlineNear',
      'DeadlineNear',
      'DeadlinePassed',
      'OverdueEscalated',
    ]);
    platformActs(at, fireTimers);
    expect(fireTimers(at.dossier, at.world, at.now)).toMatchObject({
      refusal: { reason: 'PERFORMER_UNKNOWN' },
    });
    const { finance } = at.province;
    agenciesOf(at).put({
      ...finance.agency,
      functions: ['finance', 'biển'].map((fn) => ({ function: fn, validFrom: '', validTo: '' })),
      version: 2n,
    });
    expect(names(fireAt(at))).toEqual(['TaskClosed', 'ConsultationUnanswered', 'TaskOpened']);
  });

  test('together with another that cannot expire does not stop the dossier’s other timers', () => {
    const branch = (key: string, agency: string) =>
      sequence(key, consultation(`hoi-${key}`, holderOf(agency)), step(`ket-${key}`, { performer: sea }));
    const sea = holderOf('biển');
    const stuck = procedure(
      sequence(
        's',
        parallel('p', Join.ALL, branch('mot', 'finance'), branch('hai', 'land'), step('thuong', oneDay)),
      ),
    );
    const at = createScenario([stuck]);
    at.lodge(stuck);
    at.now = vn('2026-03-02 08:00');
    expect(fireTimers(at.dossier, at.world, at.now)).toMatchObject({
      refusal: { reason: 'PERFORMER_UNKNOWN', metadata: { block: 'ket-mot' } },
    });
    expect(names(fireAt(at)).toSorted()).toEqual([
      ...Array(4).fill('DeadlineNear'),
      ...Array(2).fill('DeadlinePassed'),
      ...Array(2).fill('OverdueEscalated'),
    ]);
    expect(at.dossier.urgency).toBe(Urgency.ESCALATED);
    expect(at.dossier.open.map(({ blockKey, urgency }) => [blockKey, urgency])).toEqual([
      ['hoi-mot', Urgency.DUE_SOON],
      ['hoi-hai', Urgency.DUE_SOON],
      ['thuong', Urgency.ESCALATED],
    ]);
    expect(fireTimers(at.dossier, at.world, at.now).decision).toBeUndefined();
  });
});

test('no timer fires for a deadline that is still to be computed again', () => {
  const at = lodged();
  calendarsOf(at).put(withDaysOff(1, '2026-01-16'));
  at.now = vn('2026-01-16 13:15');
  expect(fireTimers(at.dossier, at.world, at.now)).toMatchObject({ refusal: { reason: 'DEADLINE_MOVES' } });
});

test('a clock that went back is refused, and nothing changes', () => {
  const at = lodged();
  at.now = vn('2026-01-16 13:15');
  fireAt(at);
  const outcome = fireTimers(at.dossier, at.world, vn('2026-01-16 13:00'));
  expect(outcome).toMatchObject({ refusal: { reason: 'CLOCK_BACKWARDS' } });
  expect(outcome.decision).toBeUndefined();
});

test('each stage has one event, however often and whenever timers fire', () => {
  const moments = fc.array(fc.integer({ min: 0, max: 60 * 24 * 60 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(moments, (minutes) => {
      const at = createScenario([building]);
      at.lodge(building);
      const start = at.now;
      const all: string[] = [];
      for (const minute of [...minutes.sort((a, b) => a - b), 90 * 24 * 60]) {
        at.now = start + minute * 60_000;
        for (const { type, payload } of fireAt(at))
          all.push(`${type} ${('task' in payload && payload.task?.number) || 0}`);
        // The next event is later than now.
        for (const { timerAt } of [at.dossier, ...at.dossier.open])
          if (timerAt !== null) expect(timerAt).toBeGreaterThan(at.now);
      }
      expect(new Set(all).size).toBe(all.length);
      expect(all).toHaveLength(6);
    }),
    { numRuns: 200 },
  );
});
