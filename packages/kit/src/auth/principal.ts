/** What a caller may be. The directory's officers carry the first four. */
export const ROLES = ['admin', 'leader', 'clerk', 'officer', 'system', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

/** Who calls: a person (or a system) acting for one agency. */
export interface Principal {
  /** Stable id of the agency; empty for the platform's own administrators. */
  agencyId: string;
  officerId: string;
  roles: readonly Role[];
}
