import type { Caller } from '@lienthong/kit';
import type { Authority } from '../domain/decide.ts';

export const authorityOf = ({ roles, agencyId }: Caller): Authority => ({
  admin: roles.includes('admin'),
  agencyId,
});
