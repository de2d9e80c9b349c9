/** The roles that a position in the directory may give. */
export const POSITION_ROLES = ['admin', 'leader', 'clerk', 'officer'] as const;

/** The roles of a caller. */
export const ROLES = [...POSITION_ROLES, 'system', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

/** The caller: a person or system of an agency, or an administrator of the platform. */
export interface Caller {
  /** Stable id of the agency; empty for the platform's own administrators. */
  agencyId: string;
  officerId: string;
  roles: readonly Role[];
}

/** The caller of a public method without a token. */
export const NOBODY: Caller = { agencyId: '', officerId: '', roles: [] };

/**
 * The platform as the author of an event: no agency, no officer. Equal to NOBODY: only a method's policy separates them.
 */
export const PLATFORM: Caller = { agencyId: '', officerId: '', roles: [] };
