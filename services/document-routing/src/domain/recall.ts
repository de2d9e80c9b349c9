import { ChangeKind, type RecallDocumentResponse } from '@lienthong/contracts/routing';
import { failure, invalid, type Refusal, type Result, success } from '@lienthong/kit';
import { actingAgency, nameAt, standsFor } from '@lienthong/reference-data';
import { documentNotFound, hasReceived, notTheSender } from './access.ts';
import { deliveryChange, type RoutingDecision } from './change.ts';
import { change, isChangeable } from './delivery.ts';
import { deliveriesOf, type RoutingState } from './state.ts';

export interface RecallCommand {
  kind: 'recall';
  callerId: string;
  officerId: string;
  now: Date;
  /** The date of `now` in Vietnam. */
  today: string;
  documentId: string;
  reason: string;
  /** Agencies the document was addressed to; empty: all. */
  recipientIds: readonly string[];
}

/**
 * Recalls the deliveries to some or all recipients; one that is recalled already, or whose recall is pending, stays as it is.
 * Refuses: DOCUMENT_NOT_FOUND, NOT_THE_SENDER, ISSUER_ENDED, AGENCY_UNKNOWN, NOT_A_RECIPIENT, CHANGE_PENDING,
 * NOTHING_TO_RECALL.
 */
export function decideRecall(
  command: RecallCommand,
  state: RoutingState,
): Result<RoutingDecision<RecallDocumentResponse>> {
  const { callerId, today, now, recipientIds } = command;
  const { agencies } = state;
  const document = state.documents.get(command.documentId);
  if (document === undefined) return failure(documentNotFound);
  const deliveries = deliveriesOf(state, command.documentId);
  if (!standsFor(agencies, callerId, document.issuer.agencyId, today)) {
    const takesPart = deliveries.some((one) => hasReceived(agencies, callerId, one, today));
    return failure(takesPart ? notTheSender : documentNotFound);
  }
  const sender = actingAgency(state.agencies, command.callerId, command.today);
  if (!sender.ok) return sender;

  const addressed = new Set(deliveries.map((one) => one.addressedTo.agencyId));
  const unaddressed = recipientIds.flatMap((id, i) =>
    addressed.has(id)
      ? []
      : [
          {
            field: `recipient_ids[${i}]`,
            description: 'is not an agency that the document was addressed to',
            reason: 'NOT_A_RECIPIENT',
          },
        ],
  );
  if (unaddressed.length > 0) return failure(invalid(unaddressed));

  const named = new Set(recipientIds);
  const selected =
    named.size === 0 ? deliveries : deliveries.filter((one) => named.has(one.addressedTo.agencyId));
  const open = selected.filter(isChangeable);
  if (open.length === 0)
    return failure(selected.some((one) => one.pending) ? changePending : nothingToRecall);

  const requestedChange = { kind: ChangeKind.RECALL, documentId: '', reason: command.reason };
  const events = open.map((one) => change(one, requestedChange, now, nameAt(sender.value, today)));
  const requested = events.filter(
    (one) => one.type === 'lienthong.routing.v1.DeliveryChangeRequested',
  ).length;
  return success({
    events,
    reply: { requested, recalled: events.length - requested },
    change: deliveryChange(events, { agencyId: callerId, officerId: command.officerId }),
  });
}

const changePending: Refusal = {
  kind: 'failed-precondition',
  reason: 'CHANGE_PENDING',
  message: 'the recipients have already been requested to return it; wait until they report 15 or 16',
};

const nothingToRecall: Refusal = {
  kind: 'failed-precondition',
  reason: 'NOTHING_TO_RECALL',
  message: 'these deliveries were already recalled, replaced or refused; nothing is left to recall',
};
