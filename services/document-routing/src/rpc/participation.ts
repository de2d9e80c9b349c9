import { annotate, type Context, refuse } from '@lienthong/kit';
import { standsForAll } from '@lienthong/reference-data';
import { documentNotFound } from '../domain/access.ts';
import { readDeliveriesTo, readDocument } from '../store/read-document.ts';
import type { DeliveryRow, DocumentRow } from '../store/rows.ts';
import type { Deps } from './deps.ts';

export interface Participation {
  document: DocumentRow & { record: Buffer };
  /** True when the caller, or an agency it stands for, issued the document. */
  sender: boolean;
  /** The agencies the caller stands for, itself first. */
  agencyIds: readonly string[];
  /** The caller's deliveries of the document; none when the caller is the sender. */
  deliveries: readonly DeliveryRow[];
}

/** A document and the caller's part in it. Refuses: DOCUMENT_NOT_FOUND, also for a caller without a part. */
export async function participation(
  { db, agencies }: Deps,
  { caller, today, reads }: Context,
  documentId: string,
): Promise<Participation> {
  annotate({ document: documentId });
  await agencies.refresh(db);
  const agencyIds = standsForAll(agencies, caller.agencyId, today);
  // At once: a stranger would notice by the time of a second trip that the document exists.
  const [document, deliveries] = await Promise.all([
    readDocument(db, documentId, agencyIds),
    readDeliveriesTo(db, documentId, agencyIds),
  ]);
  reads.push({ documentId, ownerId: document?.issuer_id ?? '' });
  if (!hasRecord(document)) return refuse(documentNotFound);
  if (agencyIds.includes(document.issuer_id)) return { document, sender: true, agencyIds, deliveries: [] };
  if (deliveries.length === 0) return refuse(documentNotFound);
  return { document, sender: false, agencyIds, deliveries };
}

/** The store gives the record only to agencies with a part in the document. */
const hasRecord = (row: Awaited<ReturnType<typeof readDocument>>): row is Participation['document'] =>
  row !== undefined && row.record !== null;
