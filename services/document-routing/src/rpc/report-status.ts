import { DeliveryStatus, ReportStatusRequest, ReportStatusResponse } from '@lienthong/contracts/routing';
import { type CallInfo, callerOf, enumField, field, instant, parse } from '@lienthong/kit';
import { z } from 'zod';
import type { Edge } from './edge.ts';

const S = DeliveryStatus;

const schema = z
  .object({
    requestId: field.uuid,
    deliveryId: field.uuid,
    status: enumField(DeliveryStatus),
    reason: field.text({ max: 500 }),
    assignee: field.text({ max: 100 }),
  })
  .superRefine(({ status, reason, assignee }, context) => {
    const wrong = (path: string, why: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message, params: { reason: why } });
    if (status === S.RECALL_REQUESTED)
      wrong(
        'status',
        'STATUS_NOT_REPORTABLE',
        "is not the recipient's to report; the sender asks with RecallDocument",
      );
    if ((status === S.REFUSED || status === S.RECALL_REFUSED) && reason === '')
      wrong('reason', 'FIELD_REQUIRED', 'is required when refusing (02, 16)');
    if (status === S.ASSIGNED && assignee === '')
      wrong('assignee', 'FIELD_REQUIRED', 'is required with 04: who is to deal with it');
  });

export function reportStatus({ clock, commands }: Edge) {
  return (request: ReportStatusRequest, info: CallInfo): Promise<ReportStatusResponse> => {
    const callerId = callerOf(info);
    const { requestId, ...said } = parse(schema, request);
    return commands.execute({
      method: 'ReportStatus',
      requestId,
      request,
      requestCodec: ReportStatusRequest,
      replyCodec: ReportStatusResponse,
      principal: info.principal,
      command: { kind: 'report', ...instant(clock), callerId, ...said },
    });
  };
}
