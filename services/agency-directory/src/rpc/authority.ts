import type { Principal } from '@lienthong/kit';
import type { Authority } from '../domain/decide.ts';

export const authorityOf = ({ roles, agencyId }: Principal): Authority => ({
  admin: roles.includes('admin'),
  agencyId,
});
