import { TaskState, Urgency } from '@lienthong/contracts/casework';
import { consultation, holderOf, sequence, step } from '@lienthong/workflow/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Desk, desk, vn } from '../../../test/support/desk.ts';
import {
  agenciesOf,
  calendarsOf,
  names,
  officersOf,
  platformActs,
  withDaysOff,
} from '../../../test/support/passing-time.ts';
import { fourSteps, procedure } from '../../../test/support/procedures.ts';
import { fireTimers } from './timers.ts';

const building = fourSteps();
const fired = (at: Desk, moment?: string | number) => {
  if (moment !== undefined) at.now = typeof moment === 'string' ? vn(moment) : moment;
  return platformActs(at, fireTimers);
};
const told = (at: Desk, moment?: string | number) =>
  fired(at, moment).map(({ type, payload }) => ({
    type: type.slice('lienthong.casework.v1.'.length),
    ...('officerId' in payload ? { officer: payload.officerId, agency: payload.agencyId } : {}),
    ...('task' in payload ? { task: payload.task?.number ?? 0 } : {}),
  }));

/** A dossier of the first step, one day long, due on Friday, 16 January, 17:00. */
function lodged(): Desk {
  const at = desk([building]);
  at.lodge(building);
  expect(at.task('tiep-nhan').dueAt).toBe(vn('2026-01-16 17:00'));
  return at;
}

describe('a task nobody completes', () => {
  test('is near in the last quarter of its day, overdue after its end, escalated a working day later', () => {
    const at = lodged();
    const { head, officer } = at.province.commune;
    const agency = at.province.commune.agency.id;
    // Of 15 working hours from Thursday, 8:00, the last 3.75 begin on Friday, 13:15.
    expect(told(at, vn('2026-01-16 13:15') - 1)).toEqual([]);
    expect(told(at, '2026-01-16 13:15')).toEqual([
      { type: 'DeadlineNear', officer: head.id, agency, task: 1 },
    ]);
    expect(told(at)).toEqual([]);
    at.carryOut(officer, { kind: 'claim', taskNumber: 1 });
    expect(told(at, '2026-01-16 17:00')).toEqual([]);
    expect(told(at, vn('2026-01-16 17:00') + 1)).toEqual([
      { type: 'DeadlinePassed', officer: officer.id, agency, task: 1 },
    ]);
    expect(told(at, '2026-01-19 17:00')).toEqual([]);
    expect(told(at, vn('2026-01-19 17:00') + 1)).toEqual([
      { type: 'OverdueEscalated', officer: head.id, agency, task: 1 },
    ]);
    expect(at.task('tiep-nhan')).toMatchObject({ urgency: Urgency.ESCALATED, timerAt: null });
  });

  test('the head is told where the officer named has left, and nobody where there is none', () => {
    const at = lodged();
    const { head, officer, agency } = at.province.commune;
    at.carryOut(officer, { kind: 'claim', taskNumber: 1 });
    officersOf(at).put({ ...officer, validTo: '2026-01-16' }, 2);
    expect(told(at, '2026-01-16 13:15')).toEqual([
      { type: 'DeadlineNear', officer: head.id, agency: agency.id, task: 1 },
    ]);
    officersOf(at).put({ ...head, validTo: '2026-01-16' }, 2);
    expect(told(at, vn('2026-01-16 17:00') + 1)).toMatchObject([{ officer: '' }]);
  });

  test('after an outage every stage is told, in the order it was reached', () => {
    const at = lodged();
    expect(told(at, '2026-03-02 08:00').map(({ type, task }) => `${type} ${task}`)).toEqual([
      'DeadlineNear 1',
      'DeadlinePassed 1',
      'OverdueEscalated 1',
      'DeadlineNear 0',
      'DeadlinePassed 0',
      'OverdueEscalated 0',
    ]);
    expect(told(at)).toEqual([]);
  });
});

test('what is done in time is told of by nobody', () => {
  const at = lodged();
  at.complete('tiep-nhan');
  at.complete('tham-dinh', 'dat');
  expect(told(at, '2026-01-16 16:59')).toEqual([]);
});

test('a pause stops timers, a resumption sets them anew', () => {
  const at = lodged();
  at.carryOut(at.province.commune.head, { kind: 'stop', reason: 'Chờ thiên tai' });
  expect(told(at, '2026-06-01 08:00')).toEqual([]);
  at.carryOut(at.province.commune.head, { kind: 'resume' });
  expect(told(at)).toEqual([]);
  expect(told(at, '2026-06-02 16:00')).toMatchObject([{ type: 'DeadlineNear', task: 1 }]);
});

describe('a consultation nobody answers', () => {
  const asking = procedure(
    sequence('s', consultation('hoi', holderOf('finance'), holderOf('land')), step('ket')),
  );

  test('expires, the head of who has the dossier is told, and the workflow goes on when all are done', () => {
    const at = desk([asking]);
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
    // Two working days for what came before the cutoff.
    expect(names(fired(at, '2026-01-19 17:00'))).toEqual(['DeadlineNear']);
    const events = fired(at, vn('2026-01-19 17:00') + 1);
    expect(names(events)).toEqual(['TaskClosed', 'ConsultationUnanswered', 'TaskOpened']);
    expect(events[1]?.payload).toMatchObject({
      task: { number: second, state: TaskState.EXPIRED, urgency: Urgency.OVERDUE },
      toldOfficerId: commune.head.id,
      toldAgencyId: commune.agency.id,
    });
    expect(at.task('ket').agency.agencyId).toBe(commune.agency.id);
    expect(at.tasks.get(second ?? 0)).toMatchObject({ state: TaskState.EXPIRED, timerAt: null });
  });

  test('both at the same time: the workflow goes on once', () => {
    const at = desk([asking]);
    at.lodge(asking);
    expect(names(fired(at, vn('2026-01-19 17:00') + 1))).toEqual([
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

  test('one that an officer asked for expires without the step it was asked from', () => {
    const at = lodged();
    const { commune, otherCommune } = at.province;
    at.carryOut(commune.officer, {
      kind: 'consult',
      taskNumber: 1,
      agencyIds: [otherCommune.agency.id],
      question: 'Có ý kiến gì?',
      dueAt: vn('2026-01-15 16:00'),
    });
    const events = fired(at, vn('2026-01-15 16:00') + 1);
    expect(names(events)).toEqual(['DeadlineNear', 'TaskClosed', 'ConsultationUnanswered']);
    expect(at.dossier.open.map(({ number }) => number)).toEqual([1]);
  });

  test('one the workflow cannot go on without stays open, and everything else is told', () => {
    const stuck = procedure(
      sequence('s', consultation('hoi', holderOf('finance')), step('ket', { performer: holderOf('biển') })),
    );
    const at = desk([stuck]);
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
    expect(names(fired(at))).toEqual(['TaskClosed', 'ConsultationUnanswered', 'TaskOpened']);
  });
});

test('nobody is told of a deadline that is about to be computed again', () => {
  const at = lodged();
  calendarsOf(at).put(withDaysOff(1, '2026-01-16'));
  at.now = vn('2026-01-16 13:15');
  expect(fireTimers(at.dossier, at.world, at.now)).toMatchObject({ refusal: { reason: 'DEADLINE_MOVES' } });
});

test('a clock that went back is refused, and nothing changes', () => {
  const at = lodged();
  at.now = vn('2026-01-16 13:15');
  fired(at);
  const outcome = fireTimers(at.dossier, at.world, vn('2026-01-16 13:00'));
  expect(outcome).toMatchObject({ refusal: { reason: 'CLOCK_BACKWARDS' } });
  expect(outcome.decision).toBeUndefined();
});

test('however often and whenever timers are looked at, each stage is told once', () => {
  const moments = fc.array(fc.integer({ min: 0, max: 60 * 24 * 60 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(moments, (minutes) => {
      const at = desk([building]);
      at.lodge(building);
      const start = at.now;
      const all: string[] = [];
      for (const minute of [...minutes.sort((a, b) => a - b), 90 * 24 * 60]) {
        at.now = start + minute * 60_000;
        for (const { type, payload } of fired(at))
          all.push(`${type} ${('task' in payload && payload.task?.number) || 0}`);
        // Whatever is still to be told is told later than now.
        for (const { timerAt } of [at.dossier, ...at.dossier.open])
          if (timerAt !== null) expect(timerAt).toBeGreaterThan(at.now);
      }
      expect(new Set(all).size).toBe(all.length);
      expect(all).toHaveLength(6);
    }),
    { numRuns: 200 },
  );
});
