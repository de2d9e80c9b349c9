import { type EventType, eventContracts } from '@lienthong/contracts/events';
import type { FeedEvent } from '@lienthong/contracts/feed';
import type { ReadItem } from '@lienthong/kit';
import { encodeCursor } from '../domain/cursor.ts';
import type { EventRow } from '../store/rows.ts';

/** A row as the contract's message: CloudEvents attributes, and the payload under its type. */
export const toFeedEvent = (feedId: string, row: EventRow): FeedEvent => ({
  cursor: encodeCursor(feedId, row.seq),
  id: row.event_id,
  source: `/lienthong/${row.source}`,
  type: row.type,
  subject: `${eventContracts[row.type as EventType].aggregate}/${row.aggregate_id}`,
  time: row.occurred_at,
  traceparent: row.traceparent,
  sequence: BigInt(row.version),
  actor: { agencyId: row.actor_agency_id, officerId: row.actor_officer_id },
  dossierCode: row.dossier_code,
  documentId: row.document_id,
  data: { typeUrl: `type.googleapis.com/${row.type}`, value: row.payload },
});

/** For the record of reads; an event does not name the owner of its document or dossier. */
export const toReadItem = ({ dossier_code: dossierCode, document_id: documentId }: EventRow): ReadItem[] =>
  dossierCode === '' && documentId === '' ? [] : [{ ownerId: '', dossierCode, documentId }];
