import type { Context } from '@lienthong/kit';
import type { Authority } from '../domain/authority.ts';

export const authorityOf = ({ caller, today }: Context): Authority => ({
  admin: caller.roles.includes('admin'),
  agencyId: caller.agencyId,
  officerId: caller.officerId,
  today,
});
