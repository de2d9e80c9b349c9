import type { AgencyLoad } from '@lienthong/contracts/registry';
import { vietnamDate } from '@lienthong/kit';
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

/** Dossiers drawn, or hours gone through, between two turns of the event loop. */
const DRAWN_PER_TURN = 100_000;
const HOURS_PER_TURN = 20;

/**
 * What a year's dossiers ask of each agency. They arrive by chance within office hours (given their number, as in a
 * Poisson process), and each takes a way by chance; who comes within the same hour and goes the same way is counted at
 * once, so that neither time nor memory depends much on how many they are. Nobody waits in a queue: every step takes
 * its time limit, and what stays open beyond the year is counted too. Yields between pieces of work.
 */
export function* loadOf(
  { root, intake }: Plan,
  { volume, seed, receivedAt }: Arrivals,
  ways: readonly Way[],
  timetable: Timetable,
  territory: Pick<Territory, 'nameOf'>,
): Generator<void, AgencyLoad[]> {
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
    if (drawn % DRAWN_PER_TURN === 0) yield;
  }

  const tallies = new Map<string, Tally>();
  const drawWay = drawer(
    ways.map(({ share }) => share),
    chance,
  );
  const taken = new Int32Array(ways.length);
  for (const [s, slot] of slots.entries()) {
    if (s % HOURS_PER_TURN === 0) yield;
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
      record(tallies, walk(root, intake, slot.at, way, timetable, true).visits, dossiers, timetable);
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
  /** By how much the number of open steps changes, by instant. */
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
    const { work, cameAt, endsAt, cancelledAt = endsAt } = visit;
    // Cancelled before it came.
    if (cancelledAt < endsAt && cancelledAt <= cameAt) continue;
    let tally = tallies.get(work.agencyId);
    if (tally === undefined) {
      tally = { dossiers: 0, steps: 0, minutes: 0, changes: new Map() };
      tallies.set(work.agencyId, tally);
    }
    if (!seen.has(tally)) tally.dossiers += dossiers;
    seen.add(tally);
    tally.steps += dossiers;
    tally.minutes += minutesUntil(visit, cancelledAt, timetable) * dossiers;
    change(tally.changes, cameAt, dossiers);
    change(tally.changes, cancelledAt, -dossiers);
  }
}

/** Of a step that is cancelled, the time that was worked on it. */
function minutesUntil({ work, startsAt, endsAt }: Visit, until: number, timetable: Timetable): number {
  if (until === endsAt) return work.minutes;
  const calendar = timetable.calendarOf(work.agencyId);
  const worked = Math.floor(workingMsBetween(calendar, startsAt, Math.max(startsAt, until)) / MINUTE_MS);
  return Math.min(work.minutes, worked);
}

function change(changes: Map<number, number>, at: number, by: number): void {
  changes.set(at, (changes.get(at) ?? 0) + by);
}

function peakOf(changes: ReadonlyMap<number, number>): { peakOpen: number; peakOn: string } {
  let open = 0;
  let peakOpen = 0;
  let peakAt = 0;
  for (const [at, by] of [...changes].sort((a, b) => a[0] - b[0])) {
    open += by;
    if (open > peakOpen) {
      peakOpen = open;
      peakAt = at;
    }
  }
  return { peakOpen, peakOn: peakOpen === 0 ? '' : vietnamDate(new Date(peakAt)) };
}
