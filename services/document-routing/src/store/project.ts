import type { Actor, RecordedEvent } from '@lienthong/eventlog';
import type { Tx } from '@lienthong/kit';
import { type DeliveryPatch, patchOf } from '../domain/delivery-change.ts';
import type { RoutingEvent } from '../domain/events.ts';
import { type HistoryEntry, historyOf } from '../domain/history.ts';
import { insertDeliveries, insertHistory, updateDeliveries } from './write-deliveries.ts';
import { insertDocumentAttachments, insertDocuments, moveSeries } from './write-documents.ts';

type Recorded = RoutingEvent & { actor: Actor };

/** Writes the tables from the events of a transaction: one statement per table, however many events. */
export function project(tx: Tx, events: readonly RecordedEvent[]): void {
  const issued: Extract<Recorded, { type: 'lienthong.routing.v1.DocumentIssued' }>[] = [];
  const sent: Extract<Recorded, { type: 'lienthong.routing.v1.DeliverySent' }>[] = [];
  const patches = new Map<string, DeliveryPatch>();
  const history: (HistoryEntry & { deliveryId: string; version: number; actor: Actor })[] = [];
  for (const event of events as readonly Recorded[]) {
    if (event.type === 'lienthong.routing.v1.DocumentIssued') issued.push(event);
    else if (event.type === 'lienthong.routing.v1.DeliverySent') sent.push(event);
    else {
      patches.set(event.aggregateId, { ...patches.get(event.aggregateId), ...patchOf(event) });
      const entry = historyOf(event);
      if (entry)
        history.push({ ...entry, deliveryId: event.aggregateId, version: event.version, actor: event.actor });
    }
  }
  if (issued.length > 0) {
    insertDocuments(tx, issued);
    moveSeries(tx, issued);
    insertDocumentAttachments(tx, issued);
  }
  if (sent.length > 0) insertDeliveries(tx, sent);
  if (patches.size > 0) updateDeliveries(tx, patches);
  if (history.length > 0) insertHistory(tx, history);
}
