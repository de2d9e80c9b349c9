import { instant, refuse } from '@lienthong/kit';
import { standsFor, standsForAll } from '@lienthong/reference-data';
import { documentNotFound } from '../domain/access.ts';
import { readDeliveriesTo, readDocument } from '../store/read-document.ts';
import type { DeliveryRow, DocumentRow } from '../store/rows.ts';
import type { Edge } from './edge.ts';

export interface Participation {
  document: DocumentRow & { record: Buffer };
  /** True when the caller, or one it stands for, issued it. */
  sender: boolean;
  /** The agencies the caller stands for, itself first. */
  agencyIds: readonly string[];
  /** What the caller received of it; not asked for when it is the sender. */
  deliveries: readonly DeliveryRow[];
}

/** A document and the caller's part in it; NOT_FOUND for those who take none. */
export async function participation(
  edge: Edge,
  callerId: string,
  documentId: string,
): Promise<Participation> {
  const { db, clock, agencies } = edge;
  const [document] = await Promise.all([readDocument(db, documentId), agencies.refresh(db)]);
  if (document === undefined) return refuse(documentNotFound);
  const { today } = instant(clock);
  const agencyIds = standsForAll(agencies, callerId, today);
  if (standsFor(agencies, callerId, document.issuer_id, today))
    return { document, sender: true, agencyIds, deliveries: [] };
  const deliveries = await readDeliveriesTo(db, documentId, agencyIds);
  if (deliveries.length === 0) return refuse(documentNotFound);
  return { document, sender: false, agencyIds, deliveries };
}
