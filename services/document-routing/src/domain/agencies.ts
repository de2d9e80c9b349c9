import type { Agency, Identifier, Name, Succession } from '@lienthong/contracts/directory';
import type { Party } from '@lienthong/contracts/routing';

// Dates are calendar dates in Vietnam (YYYY-MM-DD), which compare as text.
// valid_from is inclusive ('': since ever), valid_to exclusive ('': open).

/** QĐ 20/2020/QĐ-TTg, the scheme of a code that names none. */
export const DEFAULT_SCHEME = 'QD20';

export interface CodeHolding {
  agencyId: string;
  validFrom: string;
  validTo: string;
}

/** The agencies as one process knows them. */
export interface AgencyRegister {
  get(agencyId: string): Agency | undefined;
  /** Every agency that has or had the code. */
  holdings(scheme: string, code: string): readonly CodeHolding[];
  /** Agencies whose main successor the agency is. */
  mainPredecessors(agencyId: string): readonly string[];
}

export type CodeResolution =
  | { found: Agency }
  | { reason: 'CODE_UNKNOWN' | 'CODE_NOT_VALID_AT_DATE' | 'CODE_AMBIGUOUS' };

const covers = (span: { validFrom: string; validTo: string }, date: string): boolean =>
  span.validFrom <= date && (span.validTo === '' || date < span.validTo);

export const hasBegun = (agency: Agency, date: string): boolean => agency.establishedOn <= date;
export const hasEnded = (agency: Agency, date: string): boolean =>
  agency.endedOn !== '' && agency.endedOn <= date;

/** Who a code means at a date: codes are used again after mergers, so alone it identifies nothing. */
export function resolveCode(
  register: AgencyRegister,
  scheme: string,
  code: string,
  date: string,
): CodeResolution {
  const holdings = register.holdings(scheme || DEFAULT_SCHEME, code);
  if (holdings.length === 0) return { reason: 'CODE_UNKNOWN' };
  let found: string | undefined;
  for (const holding of holdings) {
    if (!covers(holding, date) || holding.agencyId === found) continue;
    if (found !== undefined) return { reason: 'CODE_AMBIGUOUS' };
    found = holding.agencyId;
  }
  const agency = found === undefined ? undefined : register.get(found);
  return agency ? { found: agency } : { reason: 'CODE_NOT_VALID_AT_DATE' };
}

/** The one valid at the date; of an agency that has ended, or not begun, the last or the first it had. */
function nearest<T extends { validFrom: string; validTo: string }>(
  spans: readonly T[],
  date: string,
): T | undefined {
  let before: T | undefined;
  let after: T | undefined;
  for (const span of spans) {
    if (covers(span, date)) return span;
    if (span.validFrom <= date) {
      if (before === undefined || before.validFrom <= span.validFrom) before = span;
    } else if (after === undefined || span.validFrom < after.validFrom) after = span;
  }
  return before ?? after;
}

export const nameAt = (agency: Agency, date: string): string => nearest<Name>(agency.names, date)?.name ?? '';

/** The code of the default scheme, or of any other when there is none. */
export function codeAt(agency: Agency, date: string): string {
  const national = agency.identifiers.filter((one) => one.code?.scheme === DEFAULT_SCHEME);
  const from = national.length > 0 ? national : agency.identifiers;
  return nearest<Identifier>(from, date)?.code?.code ?? '';
}

export const partyAt = (agency: Agency, date: string): Party => ({
  agencyId: agency.id,
  name: nameAt(agency, date),
  code: codeAt(agency, date),
});

/** Who goes on with what no rule assigns elsewhere. */
export const mainSuccession = (agency: Agency): Succession | undefined =>
  agency.successors.find((one) => one.main) ??
  (agency.successors.length === 1 ? agency.successors[0] : undefined);

/** An agency and, once it has ended by the date, its main successor, and so on; ends where nobody follows. */
export function line(register: AgencyRegister, agencyId: string, date: string): readonly Agency[] {
  const found: Agency[] = [];
  let at = register.get(agencyId);
  while (at !== undefined && !found.includes(at)) {
    found.push(at);
    if (!hasEnded(at, date)) break;
    const next = mainSuccession(at);
    at = next === undefined ? undefined : register.get(next.successorId);
  }
  return found;
}

/** Who has the work of an agency at the date: itself or its successor; undefined when all of its line have ended. */
export function currentHolder(register: AgencyRegister, agencyId: string, date: string): Agency | undefined {
  const last = line(register, agencyId, date).at(-1);
  return last === undefined || hasEnded(last, date) ? undefined : last;
}

/** True when the caller is the agency or, after its end, one of its line: a successor takes part in what it had. */
export function standsFor(
  register: AgencyRegister,
  callerId: string,
  agencyId: string,
  date: string,
): boolean {
  return callerId === agencyId || line(register, agencyId, date).some((one) => one.id === callerId);
}

/** The caller and every agency it stands for. */
export function standsForAll(register: AgencyRegister, callerId: string, date: string): readonly string[] {
  const found = [callerId];
  for (const id of found) {
    for (const predecessor of register.mainPredecessors(id)) {
      const agency = register.get(predecessor);
      if (agency && hasEnded(agency, date) && !found.includes(predecessor)) found.push(predecessor);
    }
  }
  return found;
}
