import { type Result, refused, vietnamDate } from '@lienthong/kit';
import type { World } from '../dossier/world.ts';
import { succeed } from '../succession/reroute.ts';
import { dossierUnknown, isPlatform, maySpeak, takesPart } from './access.ts';
import type { Transition } from './command.ts';
import { type Draft, draftAt } from './draft.ts';

/**
 * What every transition begins with; what is with an agency that has ended goes to its successor first. Refused: DOSSIER_UNKNOWN, AGENCY_UNKNOWN, AGENCY_ENDED, OFFICER_NOT_IN_POSITION,
 * CLOCK_BACKWARDS, PROCEDURE_NOT_KNOWN_YET.
 */
export function enter({ dossierId, caller, now }: Transition, world: World): Result<Draft> {
  const dossier = world.dossiers.get(dossierId);
  if (!dossier) return refused(dossierUnknown);
  const draft = draftAt(dossier, world, caller, now);
  if (draft.ok) succeed(draft.value);
  if (!isPlatform(caller)) {
    const seen = draft.ok ? draft.value.dossier : dossier;
    if (!takesPart(world, caller, seen, vietnamDate(new Date(now)))) return refused(dossierUnknown);
    const silent = maySpeak(world, caller, now);
    if (silent) return refused(silent);
  }
  return draft;
}
