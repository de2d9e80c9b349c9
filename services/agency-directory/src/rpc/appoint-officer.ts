import { AppointOfficerRequest, AppointOfficerResponse, type Officer } from '@lienthong/contracts/directory';
import { type CallInfo, field, parse, refuse, uuidv7 } from '@lienthong/kit';
import { z } from 'zod';
import { authorityOf } from './authority.ts';
import type { Directory } from './directory.ts';

const schema = z
  .object({
    requestId: field.uuid,
    agencyId: field.uuid,
    // QCVN 102:2016: FullName 50, Position 100.
    fullName: field.text({ min: 1, max: 50 }),
    position: field.text({ min: 1, max: 100 }),
    roles: z.array(z.enum(['admin', 'leader', 'clerk', 'officer'])).transform((roles) => [...new Set(roles)]),
    head: z.boolean(),
    validFrom: field.optionalDate,
    validTo: field.optionalDate,
  })
  .superRefine(({ validFrom, validTo }, context) => {
    if (validTo !== '' && validTo <= validFrom) {
      const params = { reason: 'END_BEFORE_START' };
      context.addIssue({ code: 'custom', message: 'must be after valid_from', params, path: ['validTo'] });
    }
  });

export const appointOfficer = (directory: Directory) => (request: AppointOfficerRequest, info: CallInfo) => {
  const { requestId, ...given } = parse(schema, request);
  const authority = authorityOf(info.principal);
  // Else a leader could make an administrator of the whole platform.
  if (given.roles.includes('admin') && !authority.admin) return refuse(notGrantable);
  const officer: Officer = { id: uuidv7(), ...given };
  return directory.commands.execute({
    method: 'AppointOfficer',
    principal: info.principal,
    requestId,
    request,
    requestCodec: AppointOfficerRequest,
    replyCodec: AppointOfficerResponse,
    command: {
      kind: 'appoint',
      officer,
      authority,
      reply: (appointed): AppointOfficerResponse => ({ officer: appointed }),
    },
  });
};

const notGrantable = {
  kind: 'permission-denied',
  reason: 'ROLE_NOT_GRANTABLE',
  message: 'only an administrator gives the role admin',
} as const;
