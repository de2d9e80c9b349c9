import { RecomputeCause, Urgency } from '@lienthong/contracts/casework';
import { shippedYear } from '@lienthong/reference-data';
import { holderOf, inDays, sequence, step } from '@lienthong/workflow/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Act,
  agenciesOf,
  calendarsOf,
  morningsOnly,
  names,
  platformActs,
  withDaysOff,
} from '../../../test/support/passing-time.ts';
import { procedure } from '../../../test/support/procedures.ts';
import { createScenario, type Scenario, vn } from '../../../test/support/scenario.ts';
import { readClock } from './clock.ts';
import { recompute } from './recompute.ts';
import { fireTimers } from './timers.ts';

const trigger = { cause: RecomputeCause.CALENDAR, reason: 'Lịch làm việc năm 2026' };
const computed: Act = (dossier, world, now) => recompute(dossier, world, now, trigger);

/** Five days for the first step, ten for all. */
const tenDays = procedure(
  sequence(
    's',
    step('mot', { performer: holderOf('land'), timeLimit: inDays(5) }),
    step('hai', { performer: holderOf('land'), timeLimit: inDays(3) }),
  ),
  { timeLimit: inDays(10) },
);

/** Lodged on Thursday, 15 January: the step is due on 22 January, the dossier on 29 January. */
function lodged(): Scenario {
  const at = createScenario([tenDays]);
  at.lodge(tenDays);
  expect(dues(at)).toEqual([vn('2026-01-29 17:00'), vn('2026-01-22 17:00')]);
  return at;
}

/** Two hundred and fifty days from 15 January 2026: due in 2027, over New Year. */
const longest = procedure(sequence('s', step('mot', { performer: holderOf('land'), timeLimit: inDays(5) })), {
  code: '1.000250',
  timeLimit: inDays(250),
});
const decided2027 = (version: number, ...more: string[]) => {
  const year = withDaysOff(version, ...more);
  const { days } = shippedYear(2027);
  return { ...year, year: 2027, days: [...days, ...year.days.filter(({ from }) => more.includes(from))] };
};

const dues = ({ dossier }: Scenario) => [dossier.dueAt, ...dossier.open.map(({ dueAt }) => dueAt)];

describe('a decided year', () => {
  test('moves open deadlines and their timers, with the reason; a second decision moves them back', () => {
    const at = lodged();
    const before = structuredClone(at.dossier);
    calendarsOf(at).put(withDaysOff(1, '2026-01-20'));
    const [event, ...more] = platformActs(at, computed);
    expect(more).toEqual([]);
    expect(event).toMatchObject({
      type: 'lienthong.casework.v1.DeadlinesRecomputed',
      agencyId: at.dossier.holder.agencyId,
      payload: {
        dossier: { dueAt: new Date(vn('2026-01-30 17:00')) },
        ...trigger,
        changes: [
          { taskNumber: 0, from: new Date(vn('2026-01-29 17:00')), to: new Date(vn('2026-01-30 17:00')) },
          { taskNumber: 1, from: new Date(vn('2026-01-22 17:00')), to: new Date(vn('2026-01-23 17:00')) },
        ],
      },
    });
    expect(dues(at)).toEqual([vn('2026-01-30 17:00'), vn('2026-01-23 17:00')]);
    expect(at.task('mot').timerAt).toBe(vn('2026-01-22 17:00'));

    calendarsOf(at).put({ ...shippedYear(2026), version: 2n, provisional: false });
    platformActs(at, computed);
    const { version, ...undone } = at.dossier;
    expect({ ...undone, version: before.version }).toEqual(before);
    expect(version).toBe(before.version + 2);
  });

  test('makes a deadline of that year firm, with an event, where it is as it was expected and where it moves', () => {
    const at = createScenario([longest]);
    at.lodge(longest);
    const dueAt = vn('2027-01-18 17:00');
    expect(at.dossier).toMatchObject({ dueAt, provisional: true });
    expect(at.dossier.open[0]).toMatchObject({ dueAt: vn('2026-01-22 17:00'), provisional: false });
    expect(at.events.at(-1)?.payload).toMatchObject({ dossier: { dueProvisional: true } });

    calendarsOf(at).put(decided2027(1));
    expect(platformActs(at, computed)).toMatchObject([
      {
        payload: {
          dossier: { dueAt: new Date(dueAt), dueProvisional: false },
          changes: [{ taskNumber: 0, from: new Date(dueAt), to: new Date(dueAt), provisional: false }],
        },
      },
    ]);
    expect(at.dossier).toMatchObject({ dueAt, provisional: false });
    expect(platformActs(at, computed)).toEqual([]);

    calendarsOf(at).put(decided2027(2, '2027-01-13'));
    const [moved] = platformActs(at, computed);
    expect(moved?.payload).toMatchObject({ changes: [{ to: new Date(vn('2027-01-19 17:00')) }] });
    expect(at.dossier).toMatchObject({ dueAt: vn('2027-01-19 17:00'), provisional: false });
  });

  test('an agreed end in that year is provisional, and none while paused', () => {
    const at = lodged();
    const { officer, head } = at.province.land;
    at.carryOut(officer, { kind: 'extend', dueAt: vn('2027-02-11 17:00'), reason: 'Mưa bão' });
    expect(at.dossier).toMatchObject({ provisional: true, extension: { provisional: true } });
    at.now += 60_000;
    at.carryOut(head, { kind: 'stop', reason: 'Chờ thiên tai' });
    expect(at.dossier).toMatchObject({ dueAt: null, provisional: false });
    at.now += 60_000;
    at.carryOut(head, { kind: 'resume' });
    expect(at.dossier).toMatchObject({ dueAt: vn('2027-02-11 17:00'), provisional: true });
    calendarsOf(at).put(decided2027(1, '2027-02-11'));
    platformActs(at, computed);
    expect(at.dossier).toMatchObject({ dueAt: vn('2027-02-12 17:00'), provisional: false });
  });

  test('changes no deadline that does not count its days', () => {
    const at = lodged();
    const before = at.dossier;
    calendarsOf(at).put(withDaysOff(1, '2026-06-15'));
    expect(recompute(before, at.world, at.now, trigger)).toEqual({});
  });

  test('sets the timer without an event where only the timer moves', () => {
    const at = lodged();
    // The agreed end stays; the working day before it moves.
    at.carryOut(at.province.land.officer, {
      kind: 'extend',
      dueAt: vn('2026-02-10 17:00'),
      reason: 'Mưa bão',
    });
    expect(at.dossier.timerAt).toBe(vn('2026-02-09 17:00'));
    calendarsOf(at).put(withDaysOff(1, '2026-02-09'));
    expect(platformActs(at, computed)).toEqual([]);
    expect(at.dossier).toMatchObject({ dueAt: vn('2026-02-10 17:00'), timerAt: vn('2026-02-06 17:00') });
  });

  test('leaves paused clocks, which are computed when they resume', () => {
    const at = lodged();
    const { head } = at.province.land;
    at.carryOut(head, { kind: 'stop', reason: 'Chờ thiên tai' });
    calendarsOf(at).put(withDaysOff(1, '2026-01-20'));
    expect(recompute(at.dossier, at.world, at.now, trigger)).toEqual({});
    at.now += 60_000;
    at.carryOut(head, { kind: 'resume' });
    expect(dues(at)).toEqual([vn('2026-01-30 17:00'), vn('2026-01-23 17:00')]);
  });

  test('leaves closed dossiers', () => {
    const at = lodged();
    at.carryOut(at.province.commune.clerk, { kind: 'withdraw', reason: 'Không còn nhu cầu' });
    calendarsOf(at).put(withDaysOff(1, '2026-01-20'));
    expect(recompute(at.dossier, at.world, at.now, trigger)).toEqual({});
  });
});

describe('a date that was agreed', () => {
  test('stays, but on a day off it is the end of the next working day', () => {
    const at = lodged();
    at.carryOut(at.province.land.officer, {
      kind: 'extend',
      dueAt: vn('2026-02-05 11:00'),
      reason: 'Mưa bão',
    });
    calendarsOf(at).put(withDaysOff(1, '2026-01-28'));
    platformActs(at, computed);
    expect(at.dossier.dueAt).toBe(vn('2026-02-05 11:00'));
    calendarsOf(at).put(withDaysOff(2, '2026-01-28', '2026-02-05', '2026-02-06'));
    platformActs(at, computed);
    expect(at.dossier.dueAt).toBe(vn('2026-02-09 17:00'));
    calendarsOf(at).put(withDaysOff(3));
    platformActs(at, computed);
    expect(at.dossier.dueAt).toBe(vn('2026-02-05 11:00'));
  });
});

describe('the event of a stage', () => {
  test('is repeated for a deadline that has moved away, when it comes near', () => {
    const at = lodged();
    at.now = vn('2026-01-22 17:00') + 1;
    expect(names(platformActs(at, fireTimers))).toEqual(['DeadlineNear', 'DeadlinePassed']);
    calendarsOf(at).put(withDaysOff(1, '2026-01-21', '2026-01-22'));
    platformActs(at, computed);
    expect(at.task('mot')).toMatchObject({
      dueAt: vn('2026-01-26 17:00'),
      urgency: Urgency.ON_TIME,
      timerAt: vn('2026-01-23 17:00'),
    });
    at.now = vn('2026-01-26 17:00') + 1;
    expect(names(platformActs(at, fireTimers))).toEqual(['DeadlineNear', 'DeadlinePassed']);
  });

  test('is not repeated for a deadline that stays', () => {
    const at = lodged();
    at.carryOut(at.province.land.officer, {
      kind: 'extend',
      dueAt: vn('2026-02-10 17:00'),
      reason: 'Mưa bão',
    });
    calendarsOf(at).put(withDaysOff(1, '2026-02-09'));
    platformActs(at, computed);
    at.now = vn('2026-02-06 17:00');
    platformActs(at, fireTimers);
    expect(at.dossier.urgency).toBe(Urgency.DUE_SOON);
    calendarsOf(at).put(withDaysOff(2));
    platformActs(at, computed);
    expect(at.dossier.urgency).toBe(Urgency.DUE_SOON);
    at.now = vn('2026-02-10 17:00');
    expect(names(platformActs(at, fireTimers)).filter((name) => name === 'DeadlineNear')).toEqual([]);
  });

  test('is left to the timer for a deadline that has moved into the past', () => {
    const at = lodged();
    calendarsOf(at).put(withDaysOff(1, '2026-01-19', '2026-01-20'));
    platformActs(at, computed);
    at.now = vn('2026-01-24 08:00');
    platformActs(at, fireTimers);
    calendarsOf(at).put(withDaysOff(2));
    expect(names(platformActs(at, computed))).toEqual(['DeadlinesRecomputed']);
    expect(at.task('mot')).toMatchObject({ dueAt: vn('2026-01-22 17:00'), urgency: Urgency.DUE_SOON });
    expect(names(platformActs(at, fireTimers))).toEqual(['DeadlinePassed', 'OverdueEscalated']);
  });
});

test('office hours are those of the performer, for the dossier those of the intake', () => {
  const at = lodged();
  agenciesOf(at).put(morningsOnly(at.province.land.agency, '2026-01-01'));
  platformActs(at, computed);
  expect(dues(at)).toEqual([vn('2026-01-29 17:00'), vn('2026-01-22 11:00')]);
  agenciesOf(at).put(morningsOnly(at.province.commune.agency, '2026-01-01'));
  platformActs(at, computed);
  expect(dues(at)).toEqual([vn('2026-01-29 11:00'), vn('2026-01-22 11:00')]);
});

test('after any decisions, in any order, deadlines are those of the last calendar, and computing again changes nothing', () => {
  const date = fc
    .integer({ min: 0, max: 60 })
    .map((n) => new Date(Date.UTC(2026, 0, 10 + n)).toISOString().slice(0, 10))
    // One date may not have two overrides, and the shipped year has a worked Saturday and Tết.
    .filter((one) => !/^2026-(01-10|02-(1[4-9]|2[0-2]))$/.test(one));
  const decision = fc.uniqueArray(date, { maxLength: 8 });
  fc.assert(
    fc.property(fc.array(decision, { minLength: 1, maxLength: 4 }), fc.boolean(), (decisions, extended) => {
      const at = lodged();
      if (extended)
        at.carryOut(at.province.land.officer, {
          kind: 'extend',
          dueAt: vn('2026-02-26 09:00'),
          reason: 'Mưa',
        });
      for (const [i, days] of decisions.entries()) {
        calendarsOf(at).put(withDaysOff(i + 1, ...days));
        const before = dues(at);
        const hasEvents = platformActs(at, computed).length > 0;
        expect(hasEvents).toBe(dues(at).join() !== before.join());
        expect(recompute(at.dossier, at.world, at.now, trigger)).toEqual({});
      }
      const calendar = at.world.calendars.of('');
      for (const { clock, dueAt } of [at.dossier, ...at.dossier.open])
        expect(clock && readClock(calendar, clock)?.dueAt).toBe(dueAt);
    }),
    { numRuns: 100 },
  );
});
