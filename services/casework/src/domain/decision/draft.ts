/** One decision in the making: a copy of the dossier that changes, and what is told of it. Dropped when refused. */
import { type Applicant, TaskKind } from '@lienthong/contracts/casework';
import { accepted, type Result, refused, vietnamDate } from '@lienthong/kit';
import { type Party, partyAt } from '@lienthong/reference-data';
import { timed } from '../deadlines/stages.ts';
import type { CompiledProcedure } from '../dossier/procedure.ts';
import { dossierRef, standingOf } from '../dossier/show.ts';
import type { Act, ClockRecord, Dossier, Task } from '../dossier/state.ts';
import { isClosed, statusOf } from '../dossier/status.ts';
import type { World } from '../dossier/world.ts';
import { type Rules, rulesAt } from '../law/rules.ts';
import type { Caller } from './command.ts';
import type { CaseworkEvent, CaseworkEventType, Decided, Told } from './events.ts';
import { precondition } from './refusals.ts';

interface Emitted {
  type: CaseworkEventType;
  agency: Party | undefined;
  payload: object;
}

export interface Draft {
  readonly world: World;
  readonly procedure: CompiledProcedure;
  readonly rules: Rules;
  readonly caller: Caller;
  readonly now: number;
  /** The date of `now` in Vietnam. */
  readonly today: string;
  dossier: Dossier;
  applicant: Applicant | undefined;
  readonly touched: Map<number, Task>;
  readonly emitted: Emitted[];
}

export function draftOf(
  dossier: Dossier,
  procedure: CompiledProcedure,
  world: World,
  caller: Caller,
  now: number,
): Draft {
  return {
    world,
    procedure,
    rules: rulesAt(dossier.lodgedAt),
    caller,
    now,
    today: vietnamDate(new Date(now)),
    dossier,
    applicant: undefined,
    touched: new Map(),
    emitted: [],
  };
}

/** The clocks of the platform's processes differ by less; what seems earlier by so little happens at the same time. */
export const CLOCK_TOLERANCE_MS = 60_000;

/** A decision on a dossier at an instant. Refused: CLOCK_BACKWARDS, PROCEDURE_NOT_KNOWN_YET. */
export function draftAt(dossier: Dossier, world: World, caller: Draft['caller'], now: number): Result<Draft> {
  if (now < dossier.changedAt - CLOCK_TOLERANCE_MS) {
    const [at, latest] = [now, dossier.changedAt].map((one) => new Date(one).toISOString());
    const message = `it is ${at}, but the dossier changed at ${latest}; have the clocks put right, then try again`;
    return refused(precondition('CLOCK_BACKWARDS', message));
  }
  const procedure = world.procedures.byId(dossier.procedureId);
  if (!procedure)
    return refused({
      kind: 'unavailable',
      reason: 'PROCEDURE_NOT_KNOWN_YET',
      message: "the dossier's procedure has not reached this process yet; try again",
      retryAfterMs: 1000,
    });
  return accepted(draftOf(dossier, procedure, world, caller, Math.max(now, dossier.changedAt)));
}

export function patch(draft: Draft, change: Partial<Dossier>): void {
  draft.dossier = { ...draft.dossier, ...change };
}

/** @param agency whom the event concerns, and whose code its subject ends with; the holder when none is given */
export function emit<T extends CaseworkEventType>(
  draft: Draft,
  type: T,
  payload: Told<T>,
  agency?: Party,
): void {
  draft.emitted.push({ type, agency, payload });
}

export const partyNow = (draft: Draft, agencyId: string): Party => {
  const agency = draft.world.agencies.get(agencyId);
  return agency ? partyAt(agency, draft.today) : { agencyId, name: '', code: '' };
};

/** What a paper states of this decision; a part of `acts`. */
export const actOf = (draft: Draft): Act => ({
  at: draft.now,
  officerId: draft.caller.officerId,
  agency: partyNow(draft, draft.caller.agencyId),
});

/** The dossier's clock runs on the calendar of the intake agency. */
export function setClock(draft: Draft, clock: ClockRecord | null): void {
  const calendar = draft.world.calendars.of(draft.dossier.intake.agencyId);
  draft.dossier = timed({ ...draft.dossier, clock }, calendar, draft.rules, draft.now);
}

/** Settles status and holder, and tells the events: all of them name the dossier as the decision leaves it. */
export function decided(draft: Draft): Decided {
  const { emitted, now } = draft;
  const before = draft.dossier;
  const { holder, heldByFunction } = holding(before);
  patch(draft, {
    holder,
    heldByFunction,
    heldSince: holder.agencyId === before.holder.agencyId ? before.heldSince : now,
    status: statusOf(before),
    changedAt: now,
    version: before.version + emitted.length,
    timerAt: isClosed(before) ? null : before.timerAt,
  });
  const { dossier, applicant } = draft;
  const ref = dossierRef(dossier, draft.procedure);
  const events = emitted.map(({ type, agency = dossier.holder, payload }, i) => ({
    type,
    payload: { dossier: ref, ...payload },
    aggregateId: dossier.id,
    version: before.version + 1 + i,
    agencyCode: agency.code,
    agencyId: agency.agencyId,
    dossierCode: dossier.code,
  })) as unknown as CaseworkEvent[];
  const after = { dossier, tasks: [...draft.touched.values()], ...(applicant ? { applicant } : {}) };
  return { events, reply: { standing: standingOf(dossier) }, after };
}

/** The agency whose open task leads; when none does, who had it last; in the end the intake agency, for its return. */
function holding(dossier: Dossier): Pick<Dossier, 'holder' | 'heldByFunction'> {
  if (isClosed(dossier)) return { holder: dossier.intake, heldByFunction: '' };
  const lead = dossier.open.find((task) => task.lead && task.kind !== TaskKind.SUB_PROCEDURE);
  return lead ? { holder: lead.agency, heldByFunction: lead.byFunction } : dossier;
}
