import type { Tx } from '@lienthong/kit';
import type { RoutingChange } from '../domain/change.ts';
import type { DeliveryPatch } from '../domain/delivery-change.ts';
import { insertDeliveries, insertHistory, updateDeliveries } from './write-deliveries.ts';
import { insertDocumentAttachments, insertDocuments, moveSeries } from './write-documents.ts';

/** Writes the changes of a transaction: one statement per table, however many changes. */
export function project(tx: Tx, changes: readonly RoutingChange[]): void {
  const issued = changes.flatMap(({ documents }) => documents);
  const deliveries = changes.flatMap((change) => change.deliveries);
  const history = changes.flatMap((change) => change.history);
  const patches = new Map<string, DeliveryPatch>();
  for (const change of changes)
    for (const [id, patch] of change.patches) patches.set(id, { ...patches.get(id), ...patch });
  if (issued.length > 0) {
    const documents = issued.map(({ document }) => document);
    insertDocuments(tx, issued);
    moveSeries(tx, documents);
    insertDocumentAttachments(tx, documents);
  }
  if (deliveries.length > 0) insertDeliveries(tx, deliveries);
  if (patches.size > 0) updateDeliveries(tx, patches);
  if (history.length > 0) insertHistory(tx, history);
}
