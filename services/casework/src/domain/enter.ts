import { accepted, type Result, refused, vietnamDate } from '@lienthong/kit';
import { dossierUnknown, isPlatform, maySpeak, precondition, takesPart } from './access.ts';
import type { Transition } from './command.ts';
import { type Draft, draftOf } from './draft.ts';
import type { Dossier } from './state.ts';
import type { World } from './world.ts';

/** The clocks of the platform's processes differ by less; what seems earlier by so little happens at the same time. */
export const CLOCK_TOLERANCE_MS = 60_000;

/**
 * What every transition begins with. Refused: DOSSIER_UNKNOWN, AGENCY_UNKNOWN, AGENCY_ENDED, OFFICER_NOT_IN_POSITION,
 * CLOCK_BACKWARDS, PROCEDURE_NOT_KNOWN_YET.
 */
export function enter({ dossierId, caller, now }: Transition, world: World): Result<Draft> {
  const dossier = world.dossiers.get(dossierId);
  if (!dossier) return refused(dossierUnknown);
  if (!isPlatform(caller)) {
    if (!takesPart(world, caller, dossier, vietnamDate(new Date(now)))) return refused(dossierUnknown);
    const silent = maySpeak(world, caller, now);
    if (silent) return refused(silent);
  }
  return draftAt(dossier, world, caller, now);
}

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
