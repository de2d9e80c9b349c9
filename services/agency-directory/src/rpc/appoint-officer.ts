import { field, type Refusal, refuse, uuidv7 } from '@lienthong/kit';
import { z } from 'zod';
import { authorityOf } from './authority.ts';
import { APPOINTS_OFFICERS, command, Directory } from './deps.ts';

export const appointOfficer = command(Directory.appointOfficer, {
  policy: APPOINTS_OFFICERS,
  request: z.object({
    agencyId: field.uuid,
    // QCVN 102:2016: FullName 50, Position 100.
    fullName: field.text({ min: 1, max: 50 }),
    position: field.text({ min: 1, max: 100 }),
    roles: z.array(z.enum(['admin', 'leader', 'clerk', 'officer'])).transform((roles) => [...new Set(roles)]),
    head: z.boolean(),
    validFrom: field.optionalDate,
    validTo: field.optionalDate,
  }),
  rules: ({ validFrom, validTo }) =>
    validTo !== '' && validTo <= validFrom
      ? [{ field: 'valid_to', reason: 'END_BEFORE_START', description: 'must be after valid_from' }]
      : [],
  command: (request, { caller }) => {
    const authority = authorityOf(caller);
    // Otherwise a leader could appoint an administrator of the whole platform.
    if (request.roles.includes('admin') && !authority.admin) return refuse(notGrantable);
    return {
      kind: 'appoint',
      officer: { id: uuidv7(), ...request },
      authority,
      reply: (officer) => ({ officer }),
    };
  },
});

const notGrantable: Refusal = {
  kind: 'permission-denied',
  reason: 'ROLE_NOT_GRANTABLE',
  message: 'only an administrator may give the role admin',
};
