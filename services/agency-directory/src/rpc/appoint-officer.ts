import { field, type Refusal, refuse } from '@lienthong/kit';
import { z } from 'zod';
import { appointment, endsAfterStart, newOfficer } from './appointment.ts';
import { authorityOf } from './authority.ts';
import { APPOINTS_OFFICERS, command, Directory } from './deps.ts';

export const appointOfficer = command(Directory.appointOfficer, {
  policy: APPOINTS_OFFICERS,
  request: z.object({
    agencyId: field.uuid,
    ...appointment,
  }),
  rules: endsAfterStart,
  command: ({ agencyId, ...request }, context) => {
    const authority = authorityOf(context);
    // Otherwise a leader could appoint an administrator of the whole platform.
    if (request.roles.includes('admin') && !authority.admin) return refuse(notGrantable);
    return {
      kind: 'appoint',
      appointments: [
        {
          agency: { by: 'id', id: agencyId },
          on: request.validFrom || context.today,
          officer: newOfficer(request),
          place: { field: '', agencyField: 'agency_id' },
        },
      ],
      authority,
      reply: ([officer]) => ({ officer }),
    };
  },
});

const notGrantable: Refusal = {
  kind: 'permission-denied',
  reason: 'ROLE_NOT_GRANTABLE',
  message: 'only an administrator may give the role admin',
};
