import { field } from '@lienthong/kit';
import { z } from 'zod';
import { authorityOf } from './authority.ts';
import { APPOINTS_OFFICERS, command, Directory } from './deps.ts';

export const relieveOfficer = command(Directory.relieveOfficer, {
  policy: APPOINTS_OFFICERS,
  request: z.object({ officerId: field.uuid, effectiveOn: field.date }),
  command: (request, context) => ({
    kind: 'relieve',
    ...request,
    authority: authorityOf(context),
    reply: (officer) => ({ officer }),
  }),
});
