import { addUses } from '@lienthong/file-store';
import type { Tx } from '@lienthong/kit';
import type { RoutingChange } from '../domain/change.ts';
import type { DeliveryPatch } from '../domain/delivery-change.ts';
import { insertOrigins } from './origins.ts';
import { insertDeliveries, insertHistory, updateDeliveries } from './write-deliveries.ts';
import { filesOf, insertDocuments, updateSeries } from './write-documents.ts';

/** Writes all changes of a batch, with at most one statement for each table. */
export function project(tx: Tx, changes: readonly RoutingChange[]): void {
  const issued = changes.flatMap((change) => change.issued ?? []);
  const series = changes.flatMap((change) => change.series ?? []);
  const sent = changes.flatMap((change) => change.sent ?? []);
  const history = changes.flatMap((change) => change.history);
  const patches = new Map<string, DeliveryPatch>();
  for (const { updated } of changes)
    for (const { id, patch } of updated) patches.set(id, { ...patches.get(id), ...patch });
  if (issued.length > 0) {
    insertDocuments(tx, issued);
    insertOrigins(tx, issued);
    addUses(tx, filesOf(issued));
  }
  if (series.length > 0) updateSeries(tx, series);
  if (sent.length > 0) insertDeliveries(tx, sent);
  if (patches.size > 0) updateDeliveries(tx, patches);
  if (history.length > 0) insertHistory(tx, history);
}
