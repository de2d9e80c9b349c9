import type { Context } from '@lienthong/kit';
import type { Authority } from '../domain/authority.ts';

export const authorityOf = ({ caller }: Context): Authority => ({
  admin: caller.roles.includes('admin'),
  agencyId: caller.agencyId,
});
