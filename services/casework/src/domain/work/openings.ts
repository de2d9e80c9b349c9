/** From the interpreter's openings to tasks of agencies, and on until somebody has to do something. */
import { createHash } from 'node:crypto';
import { TaskKind } from '@lienthong/contracts/casework';
import type { WorkingDuration } from '@lienthong/contracts/common';
import { accepted, type Refusal, type Result } from '@lienthong/kit';
import { partyAt, tierAt } from '@lienthong/reference-data';
import { complete, type Facts, type Opening, type Progress, tierName, toDuration } from '@lienthong/workflow';
import { happened, newClock } from '../deadlines/clock.ts';
import { type Draft, patch } from '../decision/draft.ts';
import type { ClockRecord, Task } from '../dossier/state.ts';
import { finish, refuseDossier } from './ending.ts';
import { wayTo } from './hand-over.ts';
import { type Performing, performerOf } from './performers.ts';
import { cancelTasks, openTask } from './tasks.ts';

export interface Passing {
  /** The agency that passes the dossier on; '' for a citizen. The cutoff applies to what comes from elsewhere. */
  fromId: string;
  /** Why, when the way ends in a refusal. */
  note: string;
}

export const factsOf = ({ world, dossier, today }: Draft): Facts => {
  const intake = world.agencies.get(dossier.intake.agencyId);
  return {
    data: dossier.data,
    channel: dossier.channel,
    intakeTier: intake ? tierName(tierAt(intake, today)) : '',
  };
};

/** Carries out what the interpreter said. Refused: PERFORMER_UNKNOWN, and what the interpreter refuses. */
export function follow(draft: Draft, progress: Progress, passing: Passing): Refusal | undefined {
  patch(draft, { position: progress.position });
  const closed = new Set(progress.closed);
  if (closed.size > 0) cancelTasks(draft, ({ openingId }) => closed.has(openingId));
  if (progress.end === 'finished') finish(draft);
  if (progress.end === 'refused') refuseDossier(draft, passing.note);
  for (const opening of progress.opened) {
    // What an opening before it let pass at once may have cancelled this one, or ended the dossier.
    if (!draft.dossier.position?.open.some(({ id }) => id === opening.id)) continue;
    const waits = open(draft, opening, passing);
    if (!waits.ok) return waits.refusal;
    const refusal = waits.value ? undefined : pass(draft, opening.id, passing);
    if (refusal) return refusal;
  }
  return undefined;
}

/** Completes an opening other than a step, and goes on. */
export function pass(draft: Draft, openingId: number, passing: Passing): Refusal | undefined {
  const { position } = draft.dossier;
  if (position === null) throw new Error(`dossier ${draft.dossier.id} has no position`);
  const next = complete(draft.procedure.workflow, position, openingId, '', factsOf(draft));
  return next.ok ? follow(draft, next.value, passing) : next.refusal;
}

/** True when somebody has to do something first. */
function open(draft: Draft, opening: Opening, passing: Passing): Result<boolean> {
  switch (opening.kind) {
    case 'step': {
      const { name, performer, timeLimit } = opening.block;
      const who = performerOf(draft, performer, opening.key);
      if (!who.ok) return who;
      const seat = seatOf(draft, opening, who.value);
      const clock = clockOf(draft, timeLimit, seat.agency.agencyId, passing);
      openTask(draft, { ...seat, kind: TaskKind.STEP, name, lead: opening.lead, clock });
      return accepted(true);
    }
    case 'consultation':
      return openConsultation(draft, opening);
    case 'hand-over': {
      const { to } = opening.block;
      const who = performerOf(draft, to, opening.key);
      if (!who.ok) return who;
      const { agencies } = draft.world;
      const fromId = passing.fromId || draft.dossier.intake.agencyId;
      const way = wayTo(agencies, fromId, who.value.agency.id, draft.today);
      return accepted(openHop(draft, opening, way, passing));
    }
    case 'sub-procedure': {
      const { name, intake } = opening.block;
      const who = performerOf(draft, intake, opening.key);
      if (!who.ok) return who;
      const subDossierId = drawnId(draft.dossier.id, draft.dossier.lastTask + 1);
      openTask(draft, {
        ...seatOf(draft, opening, who.value),
        kind: TaskKind.SUB_PROCEDURE,
        name,
        subDossierId,
      });
      return accepted(true);
    }
  }
}

function openConsultation(
  draft: Draft,
  opening: Extract<Opening, { kind: 'consultation' }>,
): Result<boolean> {
  const { name, lead, consulted, question, timeLimit } = opening.block;
  const leading = performerOf(draft, lead, opening.key);
  if (!leading.ok) return leading;
  const holder = partyAt(leading.value.agency, draft.today);
  // Nobody's task leads while others are asked, so that the holder is said here.
  if (opening.lead && holder.agencyId !== draft.dossier.holder.agencyId)
    patch(draft, { holder, heldSince: draft.now });
  if (opening.lead) patch(draft, { heldByFunction: leading.value.byFunction });
  const asked = new Set<string>();
  for (const performer of consulted) {
    const who = performerOf(draft, performer, opening.key);
    if (!who.ok) return who;
    if (asked.has(who.value.agency.id)) continue;
    asked.add(who.value.agency.id);
    const seat = seatOf(draft, opening, who.value);
    const clock = clockOf(draft, timeLimit, seat.agency.agencyId, { fromId: holder.agencyId, note: '' });
    openTask(draft, { ...seat, kind: TaskKind.CONSULTATION, name, question, clock });
  }
  return accepted(asked.size > 0);
}

/** The next agency on the way of a hand-over; false when the dossier has arrived. */
export function openHop(
  draft: Draft,
  { id, key, lead, block }: Pick<Extract<Opening, { kind: 'hand-over' }>, 'id' | 'key' | 'lead' | 'block'>,
  [next, ...onward]: readonly string[],
  passing: Passing,
): boolean {
  const agency = next === undefined ? undefined : draft.world.agencies.get(next);
  if (!agency) return false;
  const seat = seatOf(draft, { id, key }, { agency, byFunction: '' });
  const clock = clockOf(draft, block.timeLimit, agency.id, passing);
  openTask(draft, { ...seat, kind: TaskKind.HAND_OVER, name: block.name, lead, onward, clock });
  return true;
}

const seatOf = (
  { today }: Draft,
  { id, key }: Pick<Opening, 'id' | 'key'>,
  { agency, byFunction }: Performing,
) => ({ openingId: id, blockKey: key, agency: partyAt(agency, today), byFunction });

function clockOf(
  { dossier, now }: Draft,
  limit: WorkingDuration | undefined,
  agencyId: string,
  { fromId }: Passing,
): ClockRecord | null {
  const duration = toDuration(limit);
  if (duration === undefined) return null;
  const clock = newClock(now, duration, fromId !== agencyId);
  return dossier.pause ? happened(clock, 'pause', now) : clock;
}

/** The same id whenever it is drawn: a UUID of version 8 (RFC 9562) from the dossier's and the task's number. */
export function drawnId(dossierId: string, taskNumber: number): string {
  const hex = createHash('sha256').update(`${dossierId} ${taskNumber}`).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(18, 20)}-${hex.slice(20, 32)}`;
}

/** The other tasks of the same opening that are still open. */
export const siblings = ({ dossier }: Draft, { number, openingId }: Task): Task[] =>
  dossier.open.filter((one) => one.openingId === openingId && one.number !== number);
