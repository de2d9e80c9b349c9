import type { AgencyLoad } from '@lienthong/contracts/registry';
import { vietnamDate } from '@lienthong/kit/pure';
import { MINUTE_MS, workingMsBetween } from '@lienthong/working-time';
import { slotsOf, yearFrom } from './arrivals.ts';
import type { Plan } from './plan.ts';
import { drawer, random } from './random.ts';
import type { Territory } from './territory.ts';
import { type Timetable, type Visit, walk } from './walk.ts';
import type { Way } from './ways.ts';

export interface Arrivals {
  /** Dossiers in the twelve months from the day of `receivedAt` on. */
  volume: number;
  seed: bigint;
  receivedAt: number;
}

/**
 * The load of a year's dossiers on each agency. Dossiers arrive at random within office hours (as in a Poisson process of
 * a given number), and each takes a random way. Those of the same hour and way are counted together, so that time and
 * memory hardly depend on their number. There are no queues: every step takes its time limit. Work that is open after the
 * year counts too.
 */
export function loadOf(
  { root, intake }: Plan,
  { volume, seed, receivedAt }: Arrivals,
  ways: readonly Way[],
  timetable: Timetable,
  territory: Pick<Territory, 'nameOf'>,
): AgencyLoad[] {
  if (volume === 0) return [];
  const year = yearFrom(receivedAt);
  const slots = slotsOf(timetable.calendarOf(intake), year);
  if (slots.length === 0) return [];
  const chance = random(seed);
  const arrived = new Int32Array(slots.length);
  const drawSlot = drawer(
    slots.map(({ weight }) => weight),
    chance,
  );
  for (let drawn = 0; drawn < volume; drawn += 1) {
    const slot = drawSlot();
    arrived[slot] = (arrived[slot] as number) + 1;
  }

  const tallies = new Map<string, Tally>();
  const drawWay = drawer(
    ways.map(({ share }) => share),
    chance,
  );
  const taken = new Int32Array(ways.length);
  for (const [s, slot] of slots.entries()) {
    const count = arrived[s] as number;
    taken.fill(0);
    if (ways.length === 1) taken[0] = count;
    else {
      for (let n = 0; n < count; n += 1) {
        const way = drawWay();
        taken[way] = (taken[way] as number) + 1;
      }
    }
    for (const [w, way] of ways.entries()) {
      const dossiers = taken[w] as number;
      if (dossiers === 0) continue;
      const { visits } = walk(root, intake, slot.at, way, timetable, true);
      record(tallies, visits, dossiers, timetable);
    }
  }
  return [...tallies].map(([agencyId, tally]) => {
    const capacity = workingMsBetween(timetable.calendarOf(agencyId), year.from, year.to) / MINUTE_MS;
    const { dossiers, steps, minutes } = tally;
    return {
      agencyId,
      agencyName: territory.nameOf(agencyId),
      dossiers,
      steps,
      workingMinutes: BigInt(minutes),
      ...peakOf(tally.changes),
      officersNeeded: capacity === 0 ? 0 : Math.ceil((minutes / capacity) * 100) / 100,
    };
  });
}

interface Tally {
  dossiers: number;
  steps: number;
  minutes: number;
  /** The change of the number of open steps, by minute since 1970. */
  changes: Map<number, number>;
}

function record(
  tallies: Map<string, Tally>,
  visits: readonly Visit[],
  dossiers: number,
  timetable: Timetable,
): void {
  const seen = new Set<Tally>();
  for (const visit of visits) {
    const { work, arrivedAt, endsAt, cancelledAt = endsAt } = visit;
    // It was cancelled before it arrived.
    if (cancelledAt < endsAt && cancelledAt <= arrivedAt) continue;
    let tally = tallies.get(work.agencyId);
    if (tally === undefined) {
      tally = { dossiers: 0, steps: 0, minutes: 0, changes: new Map() };
      tallies.set(work.agencyId, tally);
    }
    if (!seen.has(tally)) tally.dossiers += dossiers;
    seen.add(tally);
    tally.steps += dossiers;
    tally.minutes += minutesUntil(visit, cancelledAt, timetable) * dossiers;
    change(tally.changes, minuteOf(arrivedAt), dossiers);
    change(tally.changes, minuteOf(cancelledAt), -dossiers);
  }
}

/** The minutes worked on a step until an instant, at which it may be cancelled. */
function minutesUntil({ work, startsAt, endsAt }: Visit, until: number, timetable: Timetable): number {
  if (until === endsAt) return work.minutes;
  const calendar = timetable.calendarOf(work.agencyId);
  const worked = Math.floor(workingMsBetween(calendar, startsAt, Math.max(startsAt, until)) / MINUTE_MS);
  return Math.min(work.minutes, worked);
}

// Arrivals, limits and office hours are whole minutes. Maps find small integers fastest.
const minuteOf = (at: number): number => Math.floor(at / MINUTE_MS) | 0;

function change(changes: Map<number, number>, minute: number, by: number): void {
  changes.set(minute, (changes.get(minute) ?? 0) + by);
}

function peakOf(changes: ReadonlyMap<number, number>): { peakOpen: number; peakOn: string } {
  let open = 0;
  let peakOpen = 0;
  let peakMinute = 0;
  for (const [minute, by] of [...changes].sort((a, b) => a[0] - b[0])) {
    open += by;
    if (open > peakOpen) {
      peakOpen = open;
      peakMinute = minute;
    }
  }
  return { peakOpen, peakOn: peakOpen === 0 ? '' : vietnamDate(new Date(peakMinute * MINUTE_MS)) };
}
