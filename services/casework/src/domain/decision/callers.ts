/** Who may act on which dossiers. */
import type { Refusal } from '@lienthong/kit';
import { standsFor } from '@lienthong/reference-data';
import type { Dossier } from '../dossier/state.ts';
import type { World } from '../dossier/world.ts';
import type { Caller } from './command.ts';

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
