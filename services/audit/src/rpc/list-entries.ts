import type { Entry, ListEntriesRequest, ListEntriesResponse } from '@lienthong/contracts/audit';
import { type CallInfo, type Database, decodePageToken, encodePageToken, field, parse } from '@lienthong/kit';
import { z } from 'zod';
import { type EntryRow, findEntries } from '../store/find.ts';
import { readFilter } from './filter.ts';

const paging = z.object({ pageSize: field.pageSize, pageToken: z.string() });

export const listEntries =
  (db: Database) =>
  async (request: ListEntriesRequest, info: CallInfo): Promise<ListEntriesResponse> => {
    const filter = readFilter(request.filter, info);
    const { pageSize, pageToken } = parse(paging, request);
    const before = decodePageToken<number>('entries', pageToken, filter);
    const rows = await findEntries(db, filter, before, pageSize + 1);
    const page = rows.slice(0, pageSize);
    return {
      entries: page.map(toEntry),
      nextPageToken: rows.length > pageSize ? encodePageToken('entries', page.at(-1)?.id, filter) : '',
    };
  };

function toEntry(row: EntryRow): Entry {
  return {
    source: row.source,
    position: BigInt(row.position),
    eventId: row.event_id,
    type: row.type,
    occurredAt: row.occurred_at,
    recordedAt: row.recorded_at,
    actor: { agencyId: row.actor_agency_id ?? '', officerId: row.actor_officer_id },
    aggregateId: row.aggregate_id,
    aggregateVersion: BigInt(row.aggregate_version),
    documentId: row.document_id ?? '',
    dossierCode: row.dossier_code,
    agencyId: row.agency_id ?? '',
    traceId: row.traceparent.split('-')[1] ?? '',
    payload: row.payload,
  };
}
