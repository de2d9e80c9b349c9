import type { Agency } from '@lienthong/contracts/directory';
import { BusinessKind, ChangeKind, SteeringType } from '@lienthong/contracts/routing';
import { failure, type Refusal, type Result, success } from '@lienthong/kit';
import { nameAt, standsFor } from '@lienthong/reference-data';
import { hasReceived } from './access.ts';
import { change, isChangeable } from './delivery.ts';
import type { DeliveryRecord } from './delivery-record.ts';
import { deliveryEvent, type RoutingEvent } from './events.ts';
import type { IssueCommand } from './issue-command.ts';
import type { ResolvedRecipient } from './recipients.ts';
import { deliveriesOf, type RoutingState } from './state.ts';

const CHANGES: Readonly<Record<number, ChangeKind>> = {
  [BusinessKind.REVOKE]: ChangeKind.RECALL,
  [BusinessKind.UPDATE]: ChangeKind.UPDATE,
  [BusinessKind.REPLACE]: ChangeKind.REPLACE,
};

/**
 * Changes deliveries of the earlier document that this one revokes, updates or replaces: those to the recipients of this
 * one. Refuses: CHANGE_PENDING.
 */
export function changeEarlier(
  { draft, documentId, now, today }: IssueCommand,
  state: RoutingState,
  recipients: readonly ResolvedRecipient[],
  issuer: Agency,
): Result<RoutingEvent[]> {
  const kind = CHANGES[draft.businessKind];
  if (kind === undefined) return success([]);
  const addressed = new Set(recipients.map((one) => one.addressedTo.agencyId));
  const holders = new Set(recipients.map((one) => one.holder.agencyId));
  const matching = deliveriesOf(state, draft.refersToId).filter(
    (one) => addressed.has(one.addressedTo.agencyId) || holders.has(one.holder.agencyId),
  );
  const pending = matching.filter((one) => one.pending);
  if (pending.length > 0) return failure(changePending(pending));
  const requestedChange = { kind, documentId, reason: draft.businessReason };
  const name = nameAt(issuer, today);
  return success(matching.filter(isChangeable).map((one) => change(one, requestedChange, now, name)));
}

/** A report that responds to a directive answers the deliveries that its issuer holds; only the first report counts. */
export function answerDirective(
  { draft, callerId, documentId, now, today }: IssueCommand,
  state: RoutingState,
  before: readonly RoutingEvent[],
): RoutingEvent[] {
  const directive = state.documents.get(draft.respondsToId);
  if (draft.steering !== SteeringType.REPORT || directive?.summary.steering !== SteeringType.DIRECTIVE)
    return [];
  return deliveriesOf(state, draft.respondsToId)
    .filter((one) => one.answeredById === '' && hasReceived(state.agencies, callerId, one, today))
    .filter((one) => standsFor(state.agencies, callerId, one.holder.agencyId, today))
    .map((one) =>
      deliveryEvent(
        'lienthong.routing.v1.DirectiveAnswered',
        { ...one, version: versionAfter(one, before) },
        {
          deliveryId: one.id,
          documentId: one.documentId,
          senderId: one.sender.agencyId,
          holderId: one.holder.agencyId,
          reportId: documentId,
          at: now,
        },
      ),
    );
}

/** One command may both change and answer a delivery: an agency may have sent a directive to itself. */
const versionAfter = (delivery: DeliveryRecord, events: readonly RoutingEvent[]): number =>
  events.findLast((event) => event.aggregateId === delivery.id)?.version ?? delivery.version;

const changePending = (pending: readonly DeliveryRecord[]): Refusal => ({
  kind: 'failed-precondition',
  reason: 'CHANGE_PENDING',
  message: `${
    pending.length === 1 ? '1 recipient has' : `${pending.length} recipients have`
  } not answered an earlier request to change this document; wait for status 15 or 16`,
  violations: [
    {
      field: 'refers_to_id',
      reason: 'CHANGE_PENDING',
      description: `delivery ${pending[0]?.id} waits for an answer (15 or 16)`,
    },
  ],
});
