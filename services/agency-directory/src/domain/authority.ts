/** Who commands: an administrator for every agency, a leader for the officers of their own. */
export interface Authority {
  admin: boolean;
  agencyId: string;
}

export const mayActFor = (authority: Authority, agencyId: string): boolean =>
  authority.admin || authority.agencyId === agencyId;
