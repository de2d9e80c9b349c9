import type { Document, Party } from '@lienthong/contracts/routing';
import type { Actor, Decision } from '@lienthong/eventlog';
import { type DeliveryPatch, patchOf } from './delivery-change.ts';
import type { RoutingEvent } from './events.ts';
import { type HistoryEntry, historyOf } from './history.ts';
import type { Series, SeriesRecord } from './numbering.ts';

export interface IssuedDocument {
  document: Document;
  /** The issuer's code when it was issued. */
  issuerCode: string;
  /** The number as digits when the issuer gave it; undefined when the series drew it, or when it is not plain. */
  givenNumber: number | undefined;
}

/** A series with its record after the decision. */
export interface SeriesChange {
  series: Series;
  record: SeriesRecord;
}

/** A new delivery, without the fields that it shares with all deliveries of its document. */
export interface NewDelivery {
  id: string;
  documentId: string;
  addressedTo: Party;
  holder: Party;
}

export interface DeliveryUpdate {
  id: string;
  patch: DeliveryPatch;
}

export interface HistoryRow extends HistoryEntry {
  deliveryId: string;
  version: number;
  actor: Actor;
}

/** The rows that a decision writes. */
export interface RoutingChange {
  issued?: IssuedDocument;
  series?: SeriesChange;
  sent?: readonly NewDelivery[];
  /** In the order of their events; a delivery may appear several times. */
  updated: readonly DeliveryUpdate[];
  history: readonly HistoryRow[];
}

export type RoutingDecision<R> = Decision<R, RoutingChange, RoutingEvent>;

/** The updates and history rows of events of existing deliveries. */
export function deliveryChange(events: readonly RoutingEvent[], actor: Actor): RoutingChange {
  const updated: DeliveryUpdate[] = [];
  const history: HistoryRow[] = [];
  for (const event of events) {
    const patch = patchOf(event);
    if (patch) updated.push({ id: event.aggregateId, patch });
    const entry = historyOf(event);
    if (entry) history.push({ ...entry, deliveryId: event.aggregateId, version: event.version, actor });
  }
  return { updated, history };
}
