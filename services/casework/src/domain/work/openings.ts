/** Turns the workflow's openings into tasks of agencies; an opening without work is passed at once. */
import { createHash } from 'node:crypto';
import { TaskKind } from '@lienthong/contracts/casework';
import type { WorkingDuration } from '@lienthong/contracts/common';
import { type Party, partyAt, tierAt } from '@lienthong/reference-data';
import {
  applicantName,
  complete,
  type Facts,
  type Opening,
  type Progress,
  tierName,
  toDuration,
} from '@lienthong/workflow';
import { createClock, recordEvent } from '../deadlines/clock.ts';
import { apply, type Draft, type Edit, patch } from '../decision/draft.ts';
import { unwrap } from '../decision/refusals.ts';
import type { ClockRecord, Task } from '../dossier/state.ts';
import { finish, refuseDossier } from './ending.ts';
import { performerOf, type ResolvedPerformer } from './performers.ts';
import { routeTo } from './route.ts';
import { cancelTasks, openTask } from './tasks.ts';

/** How the dossier comes to the next agency. */
export interface Transfer {
  /** The agency that passes the dossier on; '' for a citizen. The cutoff applies to what comes from elsewhere. */
  fromId: string;
  /** The reason, when the workflow ends in a refusal. */
  note: string;
}

type OpeningOf<K extends Opening['kind']> = Extract<Opening, { kind: K }>;

export const factsOf = ({ world, dossier, today }: Draft): Facts => {
  const intake = world.agencies.get(dossier.intake.agencyId);
  return {
    data: dossier.data,
    channel: dossier.channel,
    intakeTier: intake ? tierName(tierAt(intake, today)) : '',
    applicantKind: applicantName(dossier.applicantKind),
    caseKey: dossier.caseKey,
  };
};

/** Applies a progress of the workflow to the dossier: closes, opens, ends. Refuses: PERFORMER_UNKNOWN, and what the workflow refuses. */
export const follow =
  (progress: Progress, transfer: Transfer): Edit =>
  (draft) => {
    const closed = new Set(progress.closed);
    const followed = apply(
      draft,
      patch({ position: progress.position }),
      cancelTasks(({ openingId }) => closed.has(openingId)),
      ...(progress.end === 'finished' ? [finish] : []),
      ...(progress.end === 'refused' ? [refuseDossier(transfer.note)] : []),
    );
    return apply(followed, ...progress.opened.map((opening) => enterOpening(opening, transfer)));
  };

/** Completes an opening that is not a step, and follows the workflow on. */
export const pass =
  (openingId: number, transfer: Transfer): Edit =>
  (draft) => {
    const { dossier, procedure } = draft;
    if (dossier.position === null) throw new Error(`dossier ${dossier.id} has no position`);
    const next = complete(procedure.workflow, dossier.position, openingId, '', factsOf(draft));
    return follow(unwrap(next), transfer)(draft);
  };

const enterOpening =
  (opening: Opening, transfer: Transfer): Edit =>
  (draft) => {
    // An opening before this one may have been passed at once, and have cancelled this one or ended the dossier.
    if (!draft.dossier.position?.open.some(({ id }) => id === opening.id)) return draft;
    return openOrPass(opening.id, transfer, (before) => openWork(before, opening, transfer))(draft);
  };

/** Passes an opening that opens no task, because no agency has anything to do. */
export const openOrPass =
  (openingId: number, transfer: Transfer, open: Edit): Edit =>
  (draft) => {
    const opened = open(draft);
    const waits = opened.dossier.lastTask > draft.dossier.lastTask;
    return waits ? opened : pass(openingId, transfer)(opened);
  };

function openWork(draft: Draft, opening: Opening, transfer: Transfer): Draft {
  switch (opening.kind) {
    case 'step': {
      const { name, performer, timeLimit } = opening.block;
      const fields = taskFieldsOf(draft, opening, performerOf(draft, performer, opening.key));
      const clock = clockOf(draft, timeLimit, fields.agency.agencyId, transfer.fromId);
      return openTask({ ...fields, kind: TaskKind.STEP, name, lead: opening.lead, clock })(draft);
    }
    case 'consultation':
      return openConsultation(draft, opening);
    case 'hand-over': {
      const { agency } = performerOf(draft, opening.block.to, opening.key);
      const fromId = transfer.fromId || draft.dossier.intake.agencyId;
      return openHop(opening, routeTo(draft.world.agencies, fromId, agency.id, draft.today), transfer)(draft);
    }
    case 'sub-procedure': {
      const { name, intake } = opening.block;
      const fields = taskFieldsOf(draft, opening, performerOf(draft, intake, opening.key));
      const subDossierId = deriveId(draft.dossier.id, draft.dossier.lastTask + 1);
      return openTask({ ...fields, kind: TaskKind.SUB_PROCEDURE, name, lead: opening.lead, subDossierId })(
        draft,
      );
    }
  }
}

function openConsultation(draft: Draft, opening: OpeningOf<'consultation'>): Draft {
  const { name, lead, consulted, question, timeLimit } = opening.block;
  const leading = performerOf(draft, lead, opening.key);
  const holder = partyAt(leading.agency, draft.today);
  const performers = consulted.map((performer) => performerOf(draft, performer, opening.key));
  const isFirst = ({ agency }: ResolvedPerformer, i: number) =>
    performers.findIndex((one) => one.agency.id === agency.id) === i;
  const tasks = performers.filter(isFirst).map((performer) => {
    const fields = taskFieldsOf(draft, opening, performer);
    const clock = clockOf(draft, timeLimit, fields.agency.agencyId, holder.agencyId);
    return openTask({ ...fields, kind: TaskKind.CONSULTATION, name, question, clock });
  });
  return apply(draft, ...(opening.lead ? [setHolder(holder, leading.byFunction)] : []), ...tasks);
}

/** While agencies are consulted, the holder has no task of its own. */
const setHolder =
  (holder: Party, heldByFunction: string): Edit =>
  (draft) =>
    holder.agencyId === draft.dossier.holder.agencyId
      ? patch({ heldByFunction })(draft)
      : patch({ holder, heldByFunction, heldSince: draft.now })(draft);

/** The next agency on the route of a hand-over; no task when the dossier has arrived. */
export const openHop =
  (
    { id, key, lead, block }: Pick<OpeningOf<'hand-over'>, 'id' | 'key' | 'lead' | 'block'>,
    [next, ...onward]: readonly string[],
    { fromId }: Transfer,
  ): Edit =>
  (draft) => {
    const agency = next === undefined ? undefined : draft.world.agencies.get(next);
    if (!agency) return draft;
    const fields = taskFieldsOf(draft, { id, key }, { agency, byFunction: '' });
    const clock = clockOf(draft, block.timeLimit, agency.id, fromId);
    return openTask({ ...fields, kind: TaskKind.HAND_OVER, name: block.name, lead, onward, clock })(draft);
  };

const taskFieldsOf = (
  { today }: Draft,
  { id, key }: Pick<Opening, 'id' | 'key'>,
  { agency, byFunction }: ResolvedPerformer,
) => ({ openingId: id, blockKey: key, agency: partyAt(agency, today), byFunction });

function clockOf(
  { dossier, now }: Draft,
  limit: WorkingDuration | undefined,
  agencyId: string,
  fromId: string,
): ClockRecord | null {
  const duration = toDuration(limit);
  if (duration === undefined) return null;
  const clock = createClock(now, duration, fromId !== agencyId);
  return dossier.pause ? recordEvent(clock, 'pause', now) : clock;
}

/** The id of a sub-procedure's dossier: a UUID of version 8 (RFC 9562) from the dossier's id and the task's number. */
export function deriveId(dossierId: string, taskNumber: number): string {
  const hex = createHash('sha256').update(`${dossierId} ${taskNumber}`).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(18, 20)}-${hex.slice(20, 32)}`;
}

/** The other tasks of the same opening that are still open. */
export const siblings = ({ dossier }: Draft, { number, openingId }: Task): Task[] =>
  dossier.open.filter((one) => one.openingId === openingId && one.number !== number);
