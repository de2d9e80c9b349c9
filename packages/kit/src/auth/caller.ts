/** What a caller may be. The directory's officers carry the first four. */
export const ROLES = ['admin', 'leader', 'clerk', 'officer', 'system', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

/** Who calls: a person (or a system) acting for one agency. */
export interface Caller {
  /** Stable id of the agency; empty for the platform's own administrators. */
  agencyId: string;
  officerId: string;
  roles: readonly Role[];
}

/** The caller of a public method without a token. */
export const NOBODY: Caller = { agencyId: '', officerId: '', roles: [] };

/** The platform as the author of an event: no agency, no officer. */
export const PLATFORM: Caller = { agencyId: '', officerId: '', roles: [] };
