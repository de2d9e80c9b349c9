import { DeliveryStatus } from '@lienthong/contracts/routing';
import { enumField, type FieldViolation, field } from '@lienthong/kit';
import { z } from 'zod';
import { TAKES_IN } from '../domain/report.ts';
import { checkOnReceipt } from '../signatures/document.ts';
import { command, Routing, WORKS_WITH_DOCUMENTS } from './deps.ts';

const S = DeliveryStatus;

const request = z.object({
  deliveryId: field.uuid,
  status: enumField(DeliveryStatus),
  reason: field.text({ max: 500 }),
  assignee: field.text({ max: 100 }),
  happenedAt: z.date().optional(),
  late: z.boolean(),
});

export const reportStatus = command(Routing.reportStatus, {
  policy: WORKS_WITH_DOCUMENTS,
  request,
  rules: (request, { now }) => [...statusViolations(request), ...timeViolations(request, now)],
  async command({ happenedAt, ...request }, context, deps) {
    const { caller, now, today } = context;
    const takesIn = TAKES_IN.includes(request.status) && !request.late;
    return {
      kind: 'report',
      now,
      today,
      callerId: caller.agencyId,
      officerId: caller.officerId,
      ...request,
      happenedAt,
      signatureChecks: takesIn ? await checkOnReceipt(request.deliveryId, context, deps) : undefined,
    };
  },
});

function timeViolations({ happenedAt }: z.output<typeof request>, now: Date): FieldViolation[] {
  if (happenedAt === undefined || happenedAt <= now) return [];
  const description = 'must not be in the future; leave it out for now';
  return [{ field: 'happened_at', reason: 'TIME_IN_FUTURE', description }];
}

/** Violations of the fields that a status requires. */
function statusViolations({ status, reason, assignee }: z.output<typeof request>): FieldViolation[] {
  if (status === S.RECALL_REQUESTED) {
    const description = 'cannot be reported; the sender requests a recall with RecallDocument';
    return [{ field: 'status', reason: 'STATUS_NOT_REPORTABLE', description }];
  }
  if ((status === S.REFUSED || status === S.RECALL_REFUSED) && reason === '')
    return [
      { field: 'reason', reason: 'FIELD_REQUIRED', description: 'is required with a refusal (02, 16)' },
    ];
  if (status === S.ASSIGNED && assignee === '') {
    const description = 'is required with 04: the officer or unit that deals with it';
    return [{ field: 'assignee', reason: 'FIELD_REQUIRED', description }];
  }
  return [];
}
