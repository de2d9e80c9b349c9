import type { Role } from './caller.ts';

/** An agency by its id, or by a code in a scheme (QD20, TT10 and others) at the date of the call. */
export type AgencyName = { id: string } | { scheme: string; code: string };

/** What a verified token says, within what its issuer may say. Which caller that is today, the directory decides. */
export interface Claims {
  /** Undefined for administrators and auditors of the platform, and for citizens. */
  agency: AgencyName | undefined;
  /** The id of an officer in the directory, or the name of a system, administrator or citizen. */
  officerId: string;
  /** Roles that hold as far as the officer's position in the directory has them too. */
  roles: readonly Role[];
  /** Roles that hold by the issuer's word. */
  granted: readonly Role[];
  /** The only agencies that the issuer speaks for; undefined: it speaks for all. */
  agencies: readonly AgencyName[] | undefined;
  /** Milliseconds since 1970. */
  expiresAt: number;
}
