import type { AgencyTime, PlannedStep } from '@lienthong/contracts/registry';
import type { Plan } from './plan.ts';
import type { Territory } from './territory.ts';
import { type Timetable, type Visit, visitsOf, type Walk, walk } from './walk.ts';
import type { Way } from './ways.ts';

export interface Schedule {
  criticalPath: PlannedStep[];
  steps: PlannedStep[];
  agencyTimes: AgencyTime[];
  /** Undefined when no way ends with a result. */
  earliestFinish: Date | undefined;
  latestFinish: Date | undefined;
}

/**
 * The schedule of one dossier over all ways, where each step takes its whole time limit and nothing is sent back: the
 * earliest and the latest finish, and the steps of the longest way. A refusal does not count as a finish.
 */
export function schedule(
  { root, intake }: Plan,
  receivedAt: number,
  ways: readonly Way[],
  timetable: Timetable,
  territory: Pick<Territory, 'nameOf'>,
): Schedule {
  const walks = ways.map((way) => walk(root, intake, receivedAt, way, timetable));
  const longestFirst = walks.toSorted((a, b) => b.minutes - a.minutes || b.at - a.at);
  const critical = new Set(visitsOf(longestFirst[0]?.path));
  const finishes = walks.flatMap(finishesOf);
  const planned = (visit: Visit): PlannedStep => ({
    key: visit.work.key,
    name: visit.work.name,
    agencyId: visit.work.agencyId,
    agencyName: territory.nameOf(visit.work.agencyId),
    workingMinutes: BigInt(visit.work.minutes),
    startsAt: new Date(visit.startsAt),
    endsAt: new Date(visit.endsAt),
    critical: critical.has(visit),
  });
  const steps = everyStep(longestFirst).map(planned);
  return {
    criticalPath: [...critical].map(planned),
    steps,
    agencyTimes: timesOf(steps),
    earliestFinish: dateOf(finishes.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)),
    latestFinish: dateOf(finishes.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)),
  };
}

/** The instants at which a dossier on this way may finish: at its end, or earlier by an outcome that finishes it. */
function finishesOf({ over, at, visits }: Walk): number[] {
  const early = visits.filter((visit) => visit.work.mayFinish && visit.cancelledAt === undefined);
  return [...(over ? [] : [at]), ...early.map(({ endsAt }) => endsAt)];
}

/** Each piece of work once, with the times of the longest way that contains it. */
function everyStep(longestFirst: readonly Walk[]): Visit[] {
  const found = new Map<string, Visit>();
  for (const visit of longestFirst.flatMap(({ visits }) => visits)) {
    const id = `${visit.work.order.join('.')} ${visit.work.agencyId}`;
    if (!found.has(id)) found.set(id, visit);
  }
  return [...found.values()].sort((a, b) => compare(a.work.order, b.work.order));
}

function compare(a: readonly number[], b: readonly number[]): number {
  const differs = a.findIndex((n, i) => n !== b[i]);
  return differs === -1 ? a.length - b.length : (a[differs] ?? 0) - (b[differs] ?? -1);
}

function timesOf(steps: readonly PlannedStep[]): AgencyTime[] {
  const times = new Map<string, AgencyTime>();
  for (const { agencyId, agencyName, workingMinutes } of steps) {
    const time = times.get(agencyId) ?? { agencyId, agencyName, workingMinutes: 0n, steps: 0 };
    times.set(agencyId, {
      ...time,
      workingMinutes: time.workingMinutes + workingMinutes,
      steps: time.steps + 1,
    });
  }
  return [...times.values()];
}

const dateOf = (instant: number): Date | undefined =>
  Number.isFinite(instant) ? new Date(instant) : undefined;
