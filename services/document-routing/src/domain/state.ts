import type { DocumentSummary, Party } from '@lienthong/contracts/routing';
import type { AgencyRegister } from '@lienthong/reference-data';
import type { DeliveryRecord } from './delivery.ts';
import { patchOf } from './delivery-change.ts';
import type { RoutingEvent } from './events.ts';
import { nextAfter, numberKey, type Series, seriesKey } from './numbering.ts';

/** What commands need to know of a document that exists. */
export interface DocumentFacts {
  issuer: Party;
  summary: DocumentSummary;
}

/** What one batch of commands stands on: read and locked before, moved on by every event of the batch. */
export interface RoutingState {
  agencies: AgencyRegister;
  /** The next number to draw, by series. */
  next: Map<string, number>;
  /** Numbers in use, of those the batch asks for, by `numberId`. */
  taken: Set<string>;
  documents: Map<string, DocumentFacts>;
  deliveries: Map<string, DeliveryRecord>;
  /** Delivery ids by document; of a document that is only answered, those of the agencies that answer. */
  byDocument: Map<string, string[]>;
  /** Sizes in bytes of the attachments an agency may use, by `attachmentId`. */
  attachments: Map<string, number>;
}

export const numberId = (series: Series, number: string): string =>
  `${seriesKey(series)}|${numberKey(number)}`;
export const attachmentId = (agencyId: string, sha256: string): string => `${agencyId}|${sha256}`;

export const deliveriesOf = (state: RoutingState, documentId: string): DeliveryRecord[] =>
  (state.byDocument.get(documentId) ?? []).flatMap((id) => state.deliveries.get(id) ?? []);

export function addDelivery(state: RoutingState, delivery: DeliveryRecord): void {
  state.deliveries.set(delivery.id, delivery);
  const siblings = state.byDocument.get(delivery.documentId);
  if (siblings) siblings.push(delivery.id);
  else state.byDocument.set(delivery.documentId, [delivery.id]);
}

/**
 * A document and its deliveries are not added: nobody knows their ids before the reply, so no command of the same
 * batch can name them.
 */
export function evolve(state: RoutingState, event: RoutingEvent): void {
  if (event.type === 'lienthong.routing.v1.DeliverySent') return;
  if (event.type === 'lienthong.routing.v1.DocumentIssued') {
    const document = event.payload.document;
    if (!document) throw new Error(`DocumentIssued ${event.aggregateId} carries no document`);
    const key = seriesKey(document);
    state.next.set(key, nextAfter(state.next.get(key) ?? 1, document.number));
    state.taken.add(numberId(document, document.number));
    return;
  }
  const delivery = state.deliveries.get(event.aggregateId);
  if (!delivery) throw new Error(`${event.type} of delivery ${event.aggregateId}, which was not loaded`);
  state.deliveries.set(delivery.id, { ...delivery, ...patchOf(event) });
}
