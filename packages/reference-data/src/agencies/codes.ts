import type { Agency } from '@lienthong/contracts/directory';
import { isInForce } from '../span.ts';
import { DEFAULT_SCHEME } from './agency.ts';
import type { AgencyRegister } from './register.ts';

export type CodeResolution =
  | { found: Agency }
  | { reason: 'CODE_UNKNOWN' | 'CODE_NOT_VALID_AT_DATE' | 'CODE_AMBIGUOUS' };

/** Who a code means at a date: codes are used again after mergers, so alone it identifies nothing. */
export function resolveCode(
  register: AgencyRegister,
  scheme: string,
  code: string,
  date: string,
): CodeResolution {
  const named = scheme || DEFAULT_SCHEME;
  const holders = register.codeHolders(named, code);
  if (holders.size === 0) return { reason: 'CODE_UNKNOWN' };
  let found: Agency | undefined;
  for (const id of holders) {
    const agency = register.get(id);
    if (!agency || !hasCode(agency, named, code, date)) continue;
    if (found !== undefined) return { reason: 'CODE_AMBIGUOUS' };
    found = agency;
  }
  return found ? { found } : { reason: 'CODE_NOT_VALID_AT_DATE' };
}

const hasCode = (agency: Agency, scheme: string, code: string, date: string): boolean =>
  agency.identifiers.some(
    (one) =>
      one.code?.code === code && (one.code.scheme || DEFAULT_SCHEME) === scheme && isInForce(one, date),
  );
