/** A decision under way. A draft is immutable: an edit returns the next draft, and a refusal drops them all. */
import { refuse, vietnamDate } from '@lienthong/kit';
import { type Party, partyAt } from '@lienthong/reference-data';
import type { CompiledProcedure } from '../dossier/procedure.ts';
import type { Act, Dossier, DossierChange, Task } from '../dossier/state.ts';
import type { World } from '../dossier/world.ts';
import { type Rules, rulesFor } from '../law/rules.ts';
import type { Caller } from './command.ts';
import type { CaseworkEventType, Payload } from './events.ts';
import { precondition } from './refusals.ts';

/** An event before its dossier and version are known. */
interface DraftEvent {
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
  readonly dossier: Dossier;
  /** The tasks that the decision opened, changed or closed, by number. */
  readonly tasks: ReadonlyMap<number, Task>;
  readonly events: readonly DraftEvent[];
  readonly payment?: DossierChange['payment'];
  /** It happened in another system: what was done there is not refused for a limit of the law. */
  readonly isPast?: boolean;
}

/** A function from one draft to the next. */
export type Edit = (draft: Draft) => Draft;

/** The draft after all edits, each applied to the result of the one before it. */
export const apply = (draft: Draft, ...edits: readonly Edit[]): Draft =>
  edits.reduce((before, edit) => edit(before), draft);

export const createDraft = (
  dossier: Dossier,
  procedure: CompiledProcedure,
  world: World,
  caller: Caller,
  now: number,
): Draft => {
  const today = vietnamDate(new Date(now));
  const rules = rulesFor(vietnamDate(new Date(dossier.lodgedAt)), today);
  return { world, procedure, rules, caller, now, today, dossier, tasks: new Map(), events: [] };
};

/** The clocks of the platform's processes differ by less: a command that seems earlier by so little is accepted. */
const CLOCK_TOLERANCE_MS = 60_000;

/** A draft on a dossier as it stands. Refuses: CLOCK_BACKWARDS, PROCEDURE_NOT_KNOWN_YET. */
export function openDraft(dossier: Dossier, world: World, caller: Caller, now: number): Draft {
  if (now < dossier.changedAt - CLOCK_TOLERANCE_MS) {
    const [at, latest] = [now, dossier.changedAt].map((one) => new Date(one).toISOString());
    const message = `it is ${at}, but the dossier changed at ${latest}; have the clocks put right, then try again`;
    refuse(precondition('CLOCK_BACKWARDS', message));
  }
  const procedure =
    world.procedures.byId(dossier.procedureId) ??
    refuse({
      kind: 'unavailable',
      reason: 'PROCEDURE_NOT_KNOWN_YET',
      message: "the dossier's procedure has not reached this process yet; try again",
      retryAfterMs: 1000,
    });
  return createDraft(dossier, procedure, world, caller, Math.max(now, dossier.changedAt));
}

export const patch =
  (change: Partial<Dossier>): Edit =>
  (draft) => ({ ...draft, dossier: { ...draft.dossier, ...change } });

/** @param agency the agency that the event concerns, whose code its subject ends with; the holder when none is given */
export const emit =
  <T extends CaseworkEventType>(type: T, payload: Payload<T>, agency?: Party): Edit =>
  (draft) => ({ ...draft, events: [...draft.events, { type, payload, agency }] });

export const partyToday = (draft: Draft, agencyId: string): Party => {
  const agency = draft.world.agencies.get(agencyId);
  return agency ? partyAt(agency, draft.today) : { agencyId, name: '', code: '' };
};

/** Officer, agency and time of this decision, as a paper states them; kept in `acts`. */
export const actOf = (draft: Draft): Act => ({
  at: draft.now,
  officerId: draft.caller.officerId,
  agency: partyToday(draft, draft.caller.agencyId),
});
