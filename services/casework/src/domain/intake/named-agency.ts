/** Agencies that a lodging names. */
import { type Agency, Tier } from '@lienthong/contracts/directory';
import { type FieldViolation, invalid, refuse } from '@lienthong/kit';
import { ancestorAtTier, currentHolder, hasBegun, hasEnded, nameAt } from '@lienthong/reference-data';
import type { World } from '../dossier/world.ts';

/** Where and when a dossier is taken in. */
export interface Place {
  intake: Agency;
  world: World;
  /** YYYY-MM-DD */
  today: string;
}

/** Refuses by field: AGENCY_UNKNOWN, AGENCY_ENDED with the successor, OTHER_PROVINCE. */
export function agencyNamed(place: Place, agencyId: string, field: string): Agency {
  const { world, today } = place;
  const agency = world.agencies.get(agencyId);
  if (agency === undefined || !hasBegun(agency, today))
    return refuse(
      invalid([wrong(field, 'AGENCY_UNKNOWN', 'is not an agency in the directory at this date')]),
    );
  if (hasEnded(agency, today)) refuse(endedAgency(place, agency, field));
  mustBeOfProvince(place, agency, field);
  return agency;
}

function endedAgency({ world, today }: Place, agency: Agency, field: string) {
  const successor = currentHolder(world.agencies, agency.id, today);
  const instead = successor
    ? `name its successor ${nameAt(successor, today)} (${successor.id})`
    : 'it has no successor; name another agency';
  return {
    ...invalid([wrong(field, 'AGENCY_ENDED', `ended on ${agency.endedOn}; ${instead}`)]),
    metadata: { ended_on: agency.endedOn, successor_id: successor?.id ?? '' },
  };
}

/** A one-stop unit takes in for the agencies of its own province; ministries are of none. */
function mustBeOfProvince({ world, intake, today }: Place, agency: Agency, field: string): void {
  const [own, other] = [intake, agency].map(
    ({ id }) => ancestorAtTier(world.agencies, id, Tier.PROVINCE, today)?.id,
  );
  if (own === other || own === undefined || other === undefined) return;
  refuseField(field, 'OTHER_PROVINCE', 'belongs to another province; name an agency of your own');
}

const wrong = (field: string, reason: string, description: string): FieldViolation => ({
  field,
  reason,
  description,
});

/** Refuses a field because of what the directory says at the date. */
export const refuseField = (field: string, reason: string, description: string): never =>
  refuse({ ...invalid([wrong(field, reason, description)]), kind: 'failed-precondition' });
