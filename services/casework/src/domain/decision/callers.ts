/** Who may act at all: an agency that exists, through an officer in position; and on which dossiers. */
import { type Refusal, vietnamDate } from '@lienthong/kit';
import { hasBegun, refusalOfCaller, standsFor } from '@lienthong/reference-data';
import type { Dossier } from '../dossier/state.ts';
import type { World } from '../dossier/world.ts';
import type { Caller } from './command.ts';
import { precondition } from './refusals.ts';

export const isPlatform = (caller: Caller): boolean => caller.agencyId === '';

/** Dossiers that do not exist and dossiers of others get the same refusal. */
export const dossierUnknown: Refusal = {
  kind: 'not-found',
  reason: 'DOSSIER_UNKNOWN',
  message: 'there is no such dossier, or your agency takes no part in it; check the id and the code',
};

/** True when the caller's agency takes or took part in the dossier, or stands for one that did. */
export function takesPart(
  { agencies }: Pick<World, 'agencies'>,
  { agencyId }: Pick<Caller, 'agencyId'>,
  { participants }: Pick<Dossier, 'participants'>,
  today: string,
): boolean {
  return (
    participants.includes(agencyId) || participants.some((id) => standsFor(agencies, agencyId, id, today))
  );
}

/** Refusals: AGENCY_UNKNOWN, and those of `refusalOfCaller`. */
export function mustRepresentAgency(world: World, caller: Caller, now: number): Refusal | undefined {
  const today = vietnamDate(new Date(now));
  const agency = world.agencies.get(caller.agencyId);
  if (agency === undefined || !hasBegun(agency, today))
    return precondition(
      'AGENCY_UNKNOWN',
      'the agency of your token is not in the directory at this date; a new agency is known within moments, try again',
    );
  return refusalOfCaller(world, caller, today);
}
