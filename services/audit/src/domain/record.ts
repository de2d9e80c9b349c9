import { type AuditRecord, commit } from '@lienthong/evidence';
import type { EntryRow } from '../store/find.ts';

/** An entry but for what the database adds. */
export type RecordedRow = Omit<EntryRow, 'leaf' | 'recorded_at' | 'payload'> & { payload: Uint8Array };

/** The canonical record of an entry: what its leaf commits to. It must never change for entries that exist. */
export const toRecord = (row: RecordedRow): AuditRecord => ({
  version: 1,
  kind: row.kind,
  source: row.source,
  position: row.position,
  ...(row.kind === 'read' && { index: row.part }),
  eventId: row.event_id,
  type: row.type,
  occurredAt: row.occurred_at.toISOString(),
  actor: { agencyId: row.actor_agency_id ?? '', officerId: row.actor_officer_id },
  aggregateId: row.aggregate_id,
  aggregateVersion: row.aggregate_version,
  agencyId: row.agency_id ?? '',
  documentId: row.document_id ?? '',
  dossierCode: row.dossier_code,
  payload: commit(row.payload, row.salt),
});
