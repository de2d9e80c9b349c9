import {
  type AppointmentHeader,
  type AppointmentLine,
  Appointments,
  AppointOfficersRequest,
} from '@lienthong/contracts/directory';
import { check, parse } from '@lienthong/kit';
import { z } from 'zod';
import type { Ref } from '../domain/command.ts';
import type { Appointment } from '../domain/officers/appoint.ts';
import type { Fault } from '../domain/problem.ts';
import { appointment, endsAfterStart, newOfficer } from './appointment.ts';
import { authorityOf } from './authority.ts';
import { collectLines, uploaded } from './collect-lines.ts';
import { ADMINISTRATORS, Directory, upload } from './deps.ts';
import { agencyRef } from './schemas.ts';

const whole = uploaded({});

const appointmentLine = z
  .object({
    agency: agencyRef.transform((ref, context): Ref & { by: 'id' | 'code' } => {
      if (ref.by !== 'key') return ref;
      const params = { reason: 'UNKNOWN_KEY' };
      context.addIssue({ code: 'custom', message: 'must name an agency by id or code', params });
      return z.NEVER;
    }),
    ...appointment,
  })
  .superRefine((line, context) => {
    for (const { description, reason } of endsAfterStart(line))
      context.addIssue({ code: 'custom', message: description, params: { reason }, path: ['validTo'] });
  });

export const appointOfficers = upload(Directory.appointOfficers, {
  policy: ADMINISTRATORS,
  cost: 100,
  handle: async (messages, context, { commands }) => {
    const request = await collectLines<AppointmentHeader, AppointmentLine>(messages, AppointOfficersRequest);
    const { requestId } = parse(whole, request).header;
    return commands.execute({
      method: Directory.appointOfficers.name,
      caller: context.caller,
      requestId,
      request,
      requestCodec: Appointments,
      replyCodec: Directory.appointOfficers.responseType,
      command: {
        kind: 'appoint',
        ...readLines(request.lines, context.today),
        authority: authorityOf(context),
        reply: (officers) => ({ officerIds: officers.map(({ id }) => id) }),
      },
      onWritten: context.written,
    });
  },
});

/** Well-formed lines as appointments, the others as faults. */
function readLines(
  lines: readonly AppointmentLine[],
  today: string,
): { appointments: Appointment[]; faults: Fault[] } {
  const appointments: Appointment[] = [];
  const faults: Fault[] = [];
  for (const [index, line] of lines.entries()) {
    const read = check(appointmentLine, line);
    if (read.ok) {
      const { agency, ...officer } = read.value;
      appointments.push({
        agency,
        on: officer.validFrom || today,
        officer: newOfficer(officer),
        place: { index, field: `lines[${index}].`, agencyField: 'agency' },
      });
      continue;
    }
    for (const { field, description, reason = 'FIELD_INVALID' } of read.violations) {
      const problem = {
        kind: 'invalid-argument',
        reason,
        field: `lines[${index}].${field}`,
        description,
      } as const;
      faults.push({ index, problem });
    }
  }
  return { appointments, faults };
}
