import type { AgencyLoad, Block } from '@lienthong/contracts/registry';
import { vietnamDate } from '@lienthong/kit';
import {
  choice,
  Effect,
  holderOf,
  inDays,
  inMinutes,
  Join,
  outcome,
  parallel,
  sequence,
  step,
} from '@lienthong/workflow/testing';
import { isWorking, vietnamCalendar } from '@lienthong/working-time';
import { describe, expect, test } from 'vitest';
import { compiled, MORNINGS, territory, vn } from '../../../test/support/territory.ts';
import { slotsOf, yearFrom } from './arrivals.ts';
import { loadOf } from './load.ts';
import { planOf } from './plan.ts';
import { drawer, random } from './random.ts';
import { timetableOf, walk } from './walk.ts';
import { waysThrough } from './ways.ts';

const RECEIVED = vn('2026-01-05 09:00');

function prepared(root: Block, data: Record<string, string> = {}, intake = 'xa') {
  const where = territory();
  const plan = planOf(compiled(root), where, intake, data);
  return { plan, ways: waysThrough(plan.root, 1000) ?? [], timetable: timetableOf(where), where };
}

function load(root: Block, volume: number, seed = 7n, data: Record<string, string> = {}): AgencyLoad[] {
  const { plan, ways, timetable, where } = prepared(root, data);
  return loadOf(plan, { volume, seed, receivedAt: RECEIVED }, ways, timetable, where);
}

const so = holderOf('so');
const two = sequence(
  'tat-ca',
  step('nhan', { timeLimit: inMinutes(60) }),
  step('xet', { performer: so, timeLimit: inDays(2) }),
);
const sometimes = sequence(
  'tat-ca',
  step('nhan', { timeLimit: inMinutes(60) }),
  choice('c', [['data.urgent', step('gap', { performer: so, timeLimit: inMinutes(240) })]]),
);

describe('the load of a year', () => {
  test('is none for no dossiers', () => {
    expect(load(two, 0)).toEqual([]);
  });

  test('is counted per agency: dossiers, steps, minutes, officers', () => {
    const [xa, department] = load(two, 10_000);
    expect(xa).toMatchObject({
      agencyId: 'xa',
      agencyName: 'Cơ quan xa',
      dossiers: 10_000,
      steps: 10_000,
      workingMinutes: 600_000n,
    });
    expect(department).toMatchObject({ agencyId: 'so', dossiers: 10_000, workingMinutes: 9_600_000n });
    // 5 January 2026 to 4 January 2027: 261 weekdays, 13 of them off (16–20/2, 27/4, 30/4, 1/5, 31/8, 1–2/9, 24/11,
    // 1/1/2027), and the worked Saturdays 10/1 and 22/8.
    expect(department?.officersNeeded).toBe(Math.ceil((9_600_000 / (250 * 480)) * 100) / 100);
  });

  test('is the same for the same seed, and another for another', () => {
    expect(load(sometimes, 5_000, 3n)).toEqual(load(sometimes, 5_000, 3n));
    expect(load(sometimes, 5_000, 3n)).not.toEqual(load(sometimes, 5_000, 4n));
    expect(load(sometimes, 5_000, -1n)).toEqual(load(sometimes, 5_000, 2n ** 64n - 1n));
  });

  test('goes every open way equally often, and the way the data says', () => {
    const [xa, department] = load(sometimes, 10_000);
    expect(xa?.dossiers).toBe(10_000);
    // Half of them, give or take four standard deviations.
    expect(Math.abs((department?.dossiers ?? 0) - 5_000)).toBeLessThan(200);
    expect(load(sometimes, 10_000, 7n, { urgent: 'true' })[1]?.dossiers).toBe(10_000);
    expect(load(sometimes, 10_000, 7n, { urgent: 'false' })).toHaveLength(1);
  });

  test('on two choices with the same condition is that of the same dossiers', () => {
    const big = 'data.area_m2 > 500.0';
    const twice = sequence(
      'tat-ca',
      choice('mot', [[big, step('xa', { performer: so })]], step('gan')),
      choice('hai', [[big, step('lai', { performer: so })]], step('day', { performer: holderOf('so-sang') })),
    );
    const [department, mornings, xa] = load(twice, 1_000).toSorted((a, b) =>
      a.agencyId < b.agencyId ? -1 : 1,
    );
    expect(department?.steps).toBe(2 * (department?.dossiers ?? 0));
    expect(mornings?.dossiers).toBe(1_000 - (department?.dossiers ?? 0));
    expect(xa?.dossiers).toBe(mornings?.dossiers);
  });

  test('ends where steps usually end', () => {
    const outcomes = [outcome('xong', Effect.FINISH), outcome('tiep')];
    const ended = sequence('tat-ca', step('nhan', { outcomes }), step('xet', { performer: so }));
    expect(load(ended, 100).map(({ agencyId, steps }) => [agencyId, steps])).toEqual([['xa', 100]]);
  });

  test('counts of a cancelled step what was worked, and nothing of one that never came', () => {
    const cancelled = parallel(
      'cung-luc',
      Join.LEAD,
      step('chinh', { timeLimit: inMinutes(60) }),
      sequence(
        'nhanh',
        step('phu', { performer: so, timeLimit: inMinutes(45) }),
        step('sau', { performer: so, timeLimit: inDays(3) }),
        step('nua'),
      ),
    );
    const { plan, ways, timetable } = prepared(cancelled);
    const [way] = ways;
    if (!way) throw new Error('no way');
    const { at, visits } = walk(plan.root, 'xa', vn('2026-01-05 09:00'), way, timetable, true);
    expect(at).toBe(vn('2026-01-05 10:00'));
    expect(visits.map(({ work, cancelledAt }) => [work.key, cancelledAt])).toEqual([
      ['chinh', undefined],
      ['phu', undefined],
      ['sau', at],
      ['nua', at],
    ]);
    const [xa, department] = load(cancelled, 1);
    expect(xa).toMatchObject({ steps: 1, workingMinutes: 60n });
    expect(department).toMatchObject({ steps: 2, dossiers: 1, workingMinutes: 60n });
  });

  test('of a single dossier has never more than one step open where steps follow one another', () => {
    for (const seed of [1n, 2n, 3n, 4n, 5n]) {
      const loads = load(two, 1, seed);
      expect(loads.map(({ peakOpen }) => peakOpen)).toEqual([1, 1]);
    }
  });

  test('agrees with counting every dossier by itself', () => {
    const [volume, seed] = [400, 11n];
    const { plan, ways, timetable } = prepared(sometimes);
    const slots = slotsOf(vietnamCalendar, yearFrom(RECEIVED));
    const chance = random(seed);
    const drawSlot = drawer(
      slots.map(({ weight }) => weight),
      chance,
    );
    const arrived = Array.from({ length: volume }, drawSlot).sort((a, b) => a - b);
    const drawWay = drawer(
      ways.map(({ share }) => share),
      chance,
    );
    const visits = arrived.flatMap((slot) => {
      const way = ways[drawWay()];
      return way ? walk(plan.root, 'xa', slots[slot]?.at ?? 0, way, timetable, true).visits : [];
    });
    const expected = ['xa', 'so'].map((agencyId) => {
      const own = visits.filter(({ work }) => work.agencyId === agencyId);
      const openAt = (at: number) => own.filter((one) => one.arrivedAt <= at && at < one.endsAt).length;
      const counts = own
        .map(({ arrivedAt }) => [openAt(arrivedAt), arrivedAt] as const)
        .sort((a, b) => b[0] - a[0] || a[1] - b[1]);
      const [peak, at] = counts[0] ?? [0, 0];
      const workingMinutes = own.reduce((sum, { work }) => sum + BigInt(work.minutes), 0n);
      return {
        agencyId,
        steps: own.length,
        workingMinutes,
        peakOpen: peak,
        peakOn: vietnamDate(new Date(at)),
      };
    });
    expect(load(sometimes, volume, seed)).toMatchObject(expected);
  });

  test('holds for a million dossiers', () => {
    const [xa, department] = load(sometimes, 1_000_000);
    expect(xa).toMatchObject({ dossiers: 1_000_000, workingMinutes: 60_000_000n });
    expect(Math.abs((department?.dossiers ?? 0) - 500_000)).toBeLessThan(2_000);
    expect(department?.workingMinutes).toBe(BigInt(department?.steps ?? 0) * 240n);
  });
});

describe('arrivals', () => {
  test('come in office hours only, in every hour of them', () => {
    const slots = slotsOf(vietnamCalendar, yearFrom(RECEIVED));
    expect(slots).toHaveLength(250 * 8);
    expect(slots.every(({ at, weight }) => isWorking(vietnamCalendar, at) && weight > 0)).toBe(true);
    expect(vietnamDate(new Date(slots[0]?.at ?? 0))).toBe('2026-01-05');
    expect(vietnamDate(new Date(slots.at(-1)?.at ?? 0))).toBe('2027-01-04');
    expect(slotsOf(MORNINGS, yearFrom(RECEIVED))).toHaveLength(250 * 4);
    expect(slots.some(({ at }) => vietnamDate(new Date(at)) === '2026-02-18')).toBe(false);
    expect(slots.filter(({ at }) => vietnamDate(new Date(at)) === '2026-08-22')).toHaveLength(8);
  });

  test('are drawn as often as their weights say', () => {
    const draw = drawer([1, 0, 3], random(5n));
    const counts = [0, 0, 0];
    for (let n = 0; n < 40_000; n += 1) {
      const drawn = draw();
      counts[drawn] = (counts[drawn] ?? 0) + 1;
    }
    expect(counts[1]).toBe(0);
    // Four standard deviations.
    expect(Math.abs((counts[0] ?? 0) - 10_000)).toBeLessThan(350);
  });
});
