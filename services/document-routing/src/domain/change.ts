import type { Delivery, Document } from '@lienthong/contracts/routing';
import type { Actor } from '@lienthong/eventlog';
import { type DeliveryPatch, patchOf } from './delivery-change.ts';
import type { RoutingEvent } from './events.ts';
import { type HistoryEntry, historyOf } from './history.ts';

/** The rows that a decision writes. */
export interface RoutingChange {
  documents: readonly IssuedDocument[];
  /** New deliveries, of the documents above. */
  deliveries: readonly Delivery[];
  /** What changes of older deliveries, by id. */
  patches: ReadonlyMap<string, DeliveryPatch>;
  history: readonly HistoryRow[];
}

export interface IssuedDocument {
  document: Document;
  /** The issuer's code on the day it issued the document. */
  issuerCode: string;
}

export interface HistoryRow extends HistoryEntry {
  deliveryId: string;
  /** The version of the event that the row comes from. */
  version: number;
  actor: Actor;
}

/** The rows that events of this service come to. */
export function changeOf(events: readonly RoutingEvent[], actor: Actor): RoutingChange {
  const documents: IssuedDocument[] = [];
  const deliveries: Delivery[] = [];
  const patches = new Map<string, DeliveryPatch>();
  const history: HistoryRow[] = [];
  for (const event of events) {
    const { aggregateId: id, version } = event;
    if (event.type === 'lienthong.routing.v1.DocumentIssued')
      documents.push({ document: event.payload.document as Document, issuerCode: event.agencyCode });
    else if (event.type === 'lienthong.routing.v1.DeliverySent')
      deliveries.push(event.payload.delivery as Delivery);
    else {
      patches.set(id, { ...patches.get(id), ...patchOf(event) });
      const entry = historyOf(event);
      if (entry) history.push({ ...entry, deliveryId: id, version, actor });
    }
  }
  return { documents, deliveries, patches, history };
}
