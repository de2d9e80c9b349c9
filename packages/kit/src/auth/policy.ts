import type { Refusal } from '../errors.ts';
import type { Principal, Role } from './principal.ts';

/** Who may call a method at all; what they may see or change is the method's own business. */
export type Policy = 'public' | 'authenticated' | { anyOf: readonly Role[] };

/** Why a principal may not call a method; undefined when it may. */
export function deniedBy(policy: Policy, principal: Principal | undefined): Refusal | undefined {
  if (policy === 'public') return undefined;
  if (principal === undefined) {
    return {
      kind: 'unauthenticated',
      reason: 'TOKEN_MISSING',
      message: 'send a token in the "authorization" metadata: Bearer <token>',
    };
  }
  if (policy === 'authenticated' || policy.anyOf.some((role) => principal.roles.includes(role)))
    return undefined;
  return {
    kind: 'permission-denied',
    reason: 'ROLE_MISSING',
    message: `this call needs one of the roles ${policy.anyOf.join(', ')}`,
  };
}
