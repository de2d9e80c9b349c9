import type { DeliveryStatus, ReportStatusResponse } from '@lienthong/contracts/routing';
import { accepted, type Result, refused } from '@lienthong/kit';
import { nameAt, standsFor } from '@lienthong/reference-data';
import { deliveryNotFound, notTheRecipient, received, speaker } from './access.ts';
import { report, toDelivery } from './delivery.ts';
import { patchOf } from './delivery-change.ts';
import type { RoutingEvent } from './events.ts';
import { reroute } from './reroute.ts';
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
}

export interface Reported {
  events: RoutingEvent[];
  reply: ReportStatusResponse;
}

export function decideReport(command: ReportCommand, state: RoutingState): Result<Reported> {
  const { callerId, today, now } = command;
  const { agencies } = state;
  const delivery = state.deliveries.get(command.deliveryId);
  if (delivery === undefined) return refused(deliveryNotFound);
  const sent = standsFor(agencies, callerId, delivery.sender.agencyId, today);
  if (!sent && !received(agencies, callerId, delivery, today)) return refused(deliveryNotFound);
  if (!standsFor(agencies, callerId, delivery.holder.agencyId, today)) return refused(notTheRecipient);
  const holder = speaker(agencies, callerId, today, 'AGENCY_ENDED');
  if (!holder.ok) return holder;

  // The successor may speak before the delivery has been moved to it: then it moves now.
  const document = state.documents.get(delivery.documentId)?.summary;
  const moved = reroute(delivery, document, agencies, today, now);
  const held = moved ? { ...delivery, ...patchOf(moved) } : delivery;
  const said = report(held, command, now, nameAt(holder.value, today));
  if (!said.ok) return said;
  return accepted({
    events: moved ? [moved, said.value] : [said.value],
    reply: { delivery: toDelivery({ ...held, ...patchOf(said.value) }) },
  });
}
