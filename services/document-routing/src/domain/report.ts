import { DeliveryStatus, type ReportStatusResponse, type SignatureCheck } from '@lienthong/contracts/routing';
import { failure, type Result, success } from '@lienthong/kit';
import { actingAgency, nameAt, standsFor } from '@lienthong/reference-data';
import { deliveryNotFound, hasReceived, notTheRecipient } from './access.ts';
import { deliveryChange, type RoutingDecision } from './change.ts';
import { noteLate, report } from './delivery.ts';
import { patchOf } from './delivery-change.ts';
import type { DeliveryRecord } from './delivery-record.ts';
import { toDelivery } from './delivery-record.ts';
import type { RoutingEvent } from './events.ts';
import { reroute } from './reroute.ts';
import { refusalReason, verdictOf } from './signatures.ts';
import type { RoutingState } from './state.ts';

export interface ReportCommand {
  kind: 'report';
  callerId: string;
  officerId: string;
  now: Date;
  /** The date of `now` in Vietnam. */
  today: string;
  deliveryId: string;
  status: DeliveryStatus;
  reason: string;
  assignee: string;
  /** In the recipient's system; undefined: at the call. */
  happenedAt: Date | undefined;
  /** News of a status that the delivery has passed. */
  late: boolean;
  /** Of the document's signatures, when the recipient takes it in; undefined: nothing was checked. */
  signatureChecks: readonly SignatureCheck[] | undefined;
}

/** With these the recipient takes a document in. */
export const TAKES_IN: readonly DeliveryStatus[] = [DeliveryStatus.ARRIVED, DeliveryStatus.ACCEPTED];

/**
 * Reports a status. A document whose signatures are not valid when it is taken in goes back to its sender (02).
 * Refuses: DELIVERY_NOT_FOUND, NOT_THE_RECIPIENT, AGENCY_ENDED, AGENCY_UNKNOWN, and what `report`
 * and `noteLate` refuse.
 */
export function decideReport(
  command: ReportCommand,
  state: RoutingState,
): Result<RoutingDecision<ReportStatusResponse>> {
  const { callerId, today, now } = command;
  const { agencies } = state;
  const delivery = state.deliveries.get(command.deliveryId);
  if (delivery === undefined) return failure(deliveryNotFound);
  const isSender = standsFor(agencies, callerId, delivery.sender.agencyId, today);
  if (!isSender && !hasReceived(agencies, callerId, delivery, today)) return failure(deliveryNotFound);
  const holder = actingAgency(state.agencies, command.callerId, command.today);
  if (!holder.ok) return holder;
  if (!standsFor(agencies, callerId, delivery.holder.agencyId, today)) return failure(notTheRecipient);

  // The successor may report before the worker has rerouted the delivery to it: then it is rerouted now.
  const document = state.documents.get(delivery.documentId)?.summary;
  const rerouted = reroute(delivery, document, agencies, today, now);
  const held = rerouted ? { ...delivery, ...patchOf(rerouted) } : delivery;
  const name = nameAt(holder.value, today);
  const reported = command.late ? noteLate(held, command, now, name) : reportChecked(held, command, name);
  if (!reported.ok) return reported;
  const events = rerouted ? [rerouted, reported.value] : [reported.value];
  return success({
    events,
    reply: { delivery: toDelivery({ ...held, ...patchOf(reported.value) }) },
    change: deliveryChange(events, { agencyId: callerId, officerId: command.officerId }),
  });
}

function reportChecked(
  held: DeliveryRecord,
  { signatureChecks, now, ...reported }: ReportCommand,
  agencyName: string,
): Result<RoutingEvent> {
  const signatureVerdict = verdictOf(signatureChecks, now);
  const result = report(held, { ...reported, signatureVerdict }, now, agencyName);
  const reason = refusalReason(signatureVerdict);
  return result.ok && reason !== undefined
    ? report(
        held,
        { status: DeliveryStatus.REFUSED, reason, assignee: '', happenedAt: undefined, signatureVerdict },
        now,
        agencyName,
      )
    : result;
}
