import type { directory } from '@lienthong/contracts/json';
import { today } from './dates.ts';

/** The value of a date among values with periods, else the last one. */
function at<T extends { validFrom: string; validTo: string }>(
  all: readonly T[],
  date: string,
): T | undefined {
  const valid = all.find(
    ({ validFrom, validTo }) => (validFrom === '' || validFrom <= date) && (validTo === '' || date < validTo),
  );
  return valid ?? all.at(-1);
}

export const nameOf = (agency: directory.Agency, date = today()): string =>
  at(agency.names, date)?.name ?? '';

/** Its code by QĐ 20/2020/QĐ-TTg, or another one. */
export function codeOf(agency: directory.Agency, date = today()): string {
  const own = agency.identifiers.filter(({ code }) => ['', 'QD20'].includes(code?.scheme ?? ''));
  return at(own.length > 0 ? own : agency.identifiers, date)?.code?.code ?? '';
}

export const tierOf = (agency: directory.Agency, date = today()): directory.Tier =>
  at(agency.placements, date)?.tier ?? 'TIER_UNSPECIFIED';

export const parentOf = (agency: directory.Agency, date = today()): string =>
  at(agency.placements, date)?.parentId ?? '';
