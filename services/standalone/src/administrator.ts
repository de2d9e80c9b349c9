import type { Caller } from '@lienthong/kit';

/** The platform's own administrator, without an agency. */
export const administrator: Caller = {
  agencyId: '',
  officerId: 'administrator',
  roles: ['admin', 'auditor'],
};
