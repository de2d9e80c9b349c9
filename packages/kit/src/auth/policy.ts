import type { Refusal } from '../errors.ts';
import { isUuid } from '../parse.ts';
import type { Caller, Role } from './caller.ts';

/**
 * Who may call a method. The handler decides what the caller may see or change. With `ofAgency`, the caller's `agencyId`
 * must be a UUID.
 */
export type Policy = 'public' | 'authenticated' | { anyOf: readonly Role[]; ofAgency?: true };

/** Returns undefined if the call is allowed. Refuses: TOKEN_MISSING, ROLE_MISSING, AGENCY_REQUIRED. */
export function checkPolicy(policy: Policy, caller: Caller | undefined): Refusal | undefined {
  if (policy === 'public') return undefined;
  if (caller === undefined) return tokenMissing;
  if (policy === 'authenticated') return undefined;
  if (!policy.anyOf.some((role) => caller.roles.includes(role)))
    return {
      kind: 'permission-denied',
      reason: 'ROLE_MISSING',
      message: `this call needs one of the roles ${policy.anyOf.join(', ')}`,
    };
  return policy.ofAgency && !isUuid(caller.agencyId) ? agencyRequired : undefined;
}

const tokenMissing: Refusal = {
  kind: 'unauthenticated',
  reason: 'TOKEN_MISSING',
  message: 'send a token in the "authorization" metadata: Bearer <token>',
};

/** The refusal of a caller without an agency where one is needed. */
export const agencyRequired: Refusal = {
  kind: 'permission-denied',
  reason: 'AGENCY_REQUIRED',
  message: 'this call needs a token that names an agency',
};
