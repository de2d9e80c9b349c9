/** Checks that the work fits into the legal time limit. */
import type { WorkingDuration } from '@lienthong/contracts/common';
import type { Definition } from '@lienthong/contracts/registry';
import type { Circumstances } from '../circumstances.ts';
import { fewestMinutesOf, MINUTES_PER_DAY, minutesOf } from '../duration.ts';
import { isForCase } from '../lodging/cases.ts';
import type { CompiledWorkflow, LeafNode } from '../model.ts';
import { longest, type Way } from '../paths.ts';
import { tierName } from '../performer.ts';
import type { Problems } from '../problem.ts';
import type { Known } from './known.ts';

export function checkTimes(
  workflow: Pick<CompiledWorkflow, 'definition' | 'root' | 'leaves'>,
  circumstances: readonly Circumstances[],
  known: Known,
  problems: Problems,
): void {
  for (const node of workflow.leaves) checkLimit(node, problems);
  for (const one of circumstances) {
    const critical = longest(workflow, {
      ...one,
      hasTierAbove: known.hasTierAbove,
      minutesOfProcedure: (code) => minutesOf(known.procedures?.(code)?.timeLimit),
    });
    const tier = one.intakeTier === undefined ? '' : `taken in at tier ${tierName(one.intakeTier)}, `;
    for (const [place, limit] of limitsOf(workflow.definition, one))
      compare(workflow, limit, critical, place, tier, problems);
  }
}

/** The time limits of dossiers of a channel and a case, by place: the way's own, or else the case's or the procedure's. */
function limitsOf(
  { ways, cases, timeLimit }: Definition,
  { channel, caseKey = '' }: Circumstances,
): ReadonlyMap<string, WorkingDuration> {
  const limits = new Map<string, WorkingDuration>();
  const add = (place: string, limit: WorkingDuration | undefined) =>
    limit !== undefined && limits.set(place, limit) !== undefined;
  const index = cases.findIndex(({ key }) => key === caseKey);
  const addOther = () =>
    add(`cases[${index}].time_limit`, cases[index]?.timeLimit) || add('time_limit', timeLimit);
  for (const [i, way] of ways.entries()) {
    if (way.channel !== channel || !isForCase(way, caseKey)) continue;
    if (!add(`ways[${i}].time_limit`, way.timeLimit)) addOther();
  }
  if (limits.size === 0) addOther();
  return limits;
}

function compare(
  { leaves }: Pick<CompiledWorkflow, 'leaves'>,
  legal: WorkingDuration,
  { minutes, path }: Way,
  place: string,
  tier: string,
  problems: Problems,
): void {
  const most = minutesOf(legal);
  if (minutes > most) {
    const message = `${tier}the work takes up to ${shown(minutes)} by ${path.join(' → ')}; the law gives ${shown(most)}. Shorten steps or do them in parallel`;
    problems.error('TIME_EXCEEDED', place, message);
    checkCalendarDays(leaves, path, legal, place, problems);
  } else if (minutes > fewestMinutesOf(legal)) {
    const message = `${tier}the work takes up to ${shown(minutes)}, but the calendar days of the law may hold only ${shown(fewestMinutesOf(legal))} of working time`;
    problems.warning('TIME_UNITS_MIXED', place, message);
  }
  if (legal.amount?.$case !== 'minutes') return;
  // A limit in days ends with the office hours, so that it may take longer than its hours.
  const inDays = leaves.find((node) => path.includes(node.key) && endsWithTheDay(limitOf(node)));
  if (inDays === undefined) return;
  const message = `the law counts hours, but ${inDays.key} counts days, which end with the office hours; give it hours too`;
  problems.warning('TIME_UNITS_MIXED', place, message, inDays.key);
}

/** Calendar days of one step may alone be more than a limit in working time. */
function checkCalendarDays(
  leaves: readonly LeafNode[],
  path: readonly string[],
  legal: WorkingDuration,
  legalPlace: string,
  problems: Problems,
): void {
  if (legal.amount?.$case === 'calendarDays') return;
  for (const node of leaves) {
    const limit = limitOf(node);
    if (limit?.amount?.$case !== 'calendarDays' || !path.includes(node.key)) continue;
    if (minutesOf(limit) <= minutesOf(legal)) continue;
    const message = `${limit.amount.value} calendar days hold up to ${shown(minutesOf(limit))} of working time; ${legalPlace} gives ${shown(minutesOf(legal))}`;
    problems.error('TIME_EXCEEDED', placeOf(node), message, node.key);
  }
}

const endsWithTheDay = (limit: WorkingDuration | undefined): boolean =>
  limit?.amount?.$case === 'days' || limit?.amount?.$case === 'calendarDays';

const limitOf = (node: LeafNode): WorkingDuration | undefined =>
  node.kind === 'sub-procedure' ? undefined : node.block.timeLimit;

const FIELDS = { step: 'step', consultation: 'consultation', 'hand-over': 'hand_over' } as const;

function checkLimit(node: LeafNode, problems: Problems): void {
  if (node.kind === 'sub-procedure') return;
  checkDuration(node.block.timeLimit, placeOf(node), problems, node.key);
}

const placeOf = (node: LeafNode): string =>
  node.kind === 'sub-procedure' ? node.place : `${node.place}.${FIELDS[node.kind]}.time_limit`;

/** Checks that a time limit is given and not negative. */
export function checkDuration(
  duration: WorkingDuration | undefined,
  place: string,
  problems: Problems,
  blockKey = '',
): void {
  if (duration?.amount === undefined) {
    problems.error(
      'TIME_LIMIT_MISSING',
      place,
      'there is no time limit; give working days, half days, minutes or calendar days',
      blockKey,
    );
  } else if (duration.amount.value < 0) {
    problems.error(
      'TIME_LIMIT_INVALID',
      place,
      `${duration.amount.value} is negative; give 0 or more`,
      blockKey,
    );
  } else if (duration.amount.$case === 'halfDays' && duration.amount.value % 2 === 0) {
    const days = duration.amount.value / 2;
    problems.error('TIME_LIMIT_INVALID', place, `half days must be odd; give ${days} days`, blockKey);
  }
}

/** "2 days 4 h 30 min", by days of eight hours. */
function shown(minutes: number): string {
  const days = Math.floor(minutes / MINUTES_PER_DAY);
  const hours = Math.floor((minutes % MINUTES_PER_DAY) / 60);
  const rest = minutes % 60;
  const parts = [
    days && `${days} ${days === 1 ? 'day' : 'days'}`,
    hours && `${hours} h`,
    rest && `${rest} min`,
  ].filter(Boolean);
  return parts.length === 0 ? 'no time' : parts.join(' ');
}
