/** Who may act at all: an agency that exists, through an officer in position; and on which dossiers. */
import { type Refusal, vietnamDate } from '@lienthong/kit';
import { activeAt, currentHolder, hasBegun, hasEnded, nameAt, standsFor } from '@lienthong/reference-data';
import type { Dossier } from '../dossier/state.ts';
import type { World } from '../dossier/world.ts';
import type { Caller } from './command.ts';
import { denied, precondition } from './refusals.ts';

export const isPlatform = (caller: Caller): boolean => caller.agencyId === '';

/** Dossiers that do not exist and dossiers of others get the same refusal. */
export const dossierUnknown: Refusal = {
  kind: 'not-found',
  reason: 'DOSSIER_UNKNOWN',
  message: 'there is no such dossier, or your agency takes no part in it; check the id and the code',
};

export function takesPart(world: World, { agencyId }: Caller, dossier: Dossier, today: string): boolean {
  const { participants } = dossier;
  return (
    participants.includes(agencyId) ||
    participants.some((id) => standsFor(world.agencies, agencyId, id, today))
  );
}

/** An agency acts while it exists, through officers in position; after its end its successor acts. */
export function mustRepresentAgency(
  world: World,
  { agencyId, officerId }: Caller,
  now: number,
): Refusal | undefined {
  const { agencies, officers } = world;
  const today = vietnamDate(new Date(now));
  const agency = agencies.get(agencyId);
  if (agency === undefined || !hasBegun(agency, today))
    return precondition(
      'AGENCY_UNKNOWN',
      'the agency of your token is not in the directory at this date; a new agency is known within moments, try again',
    );
  if (hasEnded(agency, today)) {
    const successor = currentHolder(agencies, agencyId, today);
    const acts = successor ? `${nameAt(successor, today)} acts in its place` : 'no agency acts in its place';
    return {
      ...precondition('AGENCY_ENDED', `your agency ended on ${agency.endedOn}; ${acts}`),
      metadata: { ended_on: agency.endedOn, successor_id: successor?.id ?? '' },
    };
  }
  // An officer whom the directory does not know yet acts by the token alone.
  const officer = officers.get(officerId);
  if (officer === undefined || officer.agencyId !== agencyId || activeAt({ agencies }, officer, today))
    return undefined;
  return denied('OFFICER_NOT_IN_POSITION', 'your position at this agency does not cover this date');
}
