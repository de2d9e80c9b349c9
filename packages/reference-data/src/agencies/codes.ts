import type { Agency } from '@lienthong/contracts/directory';
import { isInForce } from '../span.ts';
import { DEFAULT_SCHEME } from './agency.ts';
import type { AgencyRegister } from './register.ts';

export type CodeResolution =
  | { found: Agency }
  | { reason: 'CODE_UNKNOWN' | 'CODE_NOT_VALID_AT_DATE' | 'CODE_AMBIGUOUS' };

/**
 * Who a code means at a date: codes are used again after mergers, so alone it identifies nothing. An old code that nobody
 * has at the date means the last agency that had it, which may have ended: its successor has the work.
 */
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
  let last: { agency: Agency; until: string } | undefined;
  for (const id of holders) {
    const agency = register.get(id);
    if (!agency) continue;
    for (const span of agency.identifiers) {
      if (span.code?.code !== code || (span.code.scheme || DEFAULT_SCHEME) !== named) continue;
      if (isInForce(span, date)) {
        if (found !== undefined) return { reason: 'CODE_AMBIGUOUS' };
        found = agency;
      } else if (span.validTo !== '' && span.validTo <= date && (last?.until ?? '') < span.validTo)
        last = { agency, until: span.validTo };
    }
  }
  found ??= last?.agency;
  return found ? { found } : { reason: 'CODE_NOT_VALID_AT_DATE' };
}
