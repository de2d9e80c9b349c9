import type { DocumentSummary, Party } from '@lienthong/contracts/routing';
import type { AgencyRegister } from '@lienthong/reference-data';
import type { RoutingChange } from './change.ts';
import type { DeliveryRecord } from './delivery.ts';
import { nextAfter, numberKey, type Series, seriesKey } from './numbering.ts';

/** What commands need to know of a document that exists. */
export interface DocumentFacts {
  issuer: Party;
  summary: DocumentSummary;
}

/** What a batch of commands is decided on: read and locked before, evolved by every decision of the batch. */
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
 * A new document and its deliveries are not added: nobody knows their ids before the reply, so no command of the same
 * batch can name them.
 */
export function evolve(state: RoutingState, { documents, patches }: RoutingChange): RoutingState {
  for (const { document } of documents) {
    const key = seriesKey(document);
    state.next.set(key, nextAfter(state.next.get(key) ?? 1, document.number));
    state.taken.add(numberId(document, document.number));
  }
  for (const [id, patch] of patches) {
    const delivery = state.deliveries.get(id);
    if (!delivery) throw new Error(`delivery ${id} is changed, but was not loaded`);
    state.deliveries.set(id, { ...delivery, ...patch });
  }
  return state;
}
