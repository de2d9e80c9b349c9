import { type Agency, Tier } from '@lienthong/contracts/directory';
import { isInForce, nearest } from '../span.ts';

/** QĐ 20/2020/QĐ-TTg, the scheme of a code that names none. */
export const DEFAULT_SCHEME = 'QD20';

/** An agency as it was called at a date. */
export interface Party {
  agencyId: string;
  name: string;
  code: string;
}

export const hasBegun = (agency: Agency, date: string): boolean => agency.establishedOn <= date;
export const hasEnded = (agency: Agency, date: string): boolean =>
  agency.endedOn !== '' && agency.endedOn <= date;
export const isThere = (agency: Agency, date: string): boolean =>
  hasBegun(agency, date) && !hasEnded(agency, date);

/** Its name at a date; before its beginning the first, after its end the last it had. */
export const nameAt = (agency: Agency, date: string): string => nearest(agency.names, date)?.name ?? '';

/** The code of the default scheme, or of any other when there is none; found like a name. */
export function codeAt(agency: Agency, date: string): string {
  const national = agency.identifiers.filter((one) => one.code?.scheme === DEFAULT_SCHEME);
  const from = national.length > 0 ? national : agency.identifiers;
  return nearest(from, date)?.code?.code ?? '';
}

export const partyAt = (agency: Agency, date: string): Party => ({
  agencyId: agency.id,
  name: nameAt(agency, date),
  code: codeAt(agency, date),
});

/** Where it stands at a date; undefined when it is not there then. */
export const placementAt = (agency: Agency, date: string) =>
  agency.placements.find((one) => isInForce(one, date));

/** TIER_UNSPECIFIED when it is not there at the date. */
export const tierAt = (agency: Agency, date: string): Tier =>
  placementAt(agency, date)?.tier ?? Tier.UNSPECIFIED;

export const holdsAt = (agency: Agency, fn: string, date: string): boolean =>
  agency.functions.some((one) => one.function === fn && isInForce(one, date));
