import { agencyRequired } from '../auth/policy.ts';
import { refuse } from '../errors.ts';
import { isUuid } from '../parse.ts';
import type { CallInfo } from './module.ts';

/** The agency of the caller's token; refuses a caller that acts for none. */
export function callerOf(info: Pick<CallInfo, 'principal'>): string {
  const { agencyId } = info.principal;
  if (isUuid(agencyId)) return agencyId;
  return refuse(agencyRequired);
}
