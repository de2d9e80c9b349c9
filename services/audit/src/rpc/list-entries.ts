import { type Entry, EntryKind } from '@lienthong/contracts/audit';
import { z } from 'zod';
import { type EntryRow, findEntries } from '../store/find.ts';
import { Audit, list, READS_ENTRIES } from './deps.ts';
import { entryFilter, readItems, visibleTo } from './filter.ts';

export const listEntries = list(Audit.listEntries, {
  policy: READS_ENTRIES,
  reads: 'buffered',
  request: z.object({ filter: entryFilter }),
  cursor: z.number().int(),
  handle: async ({ filter, page }, { caller, reads }, { db }) => {
    reads.push(...readItems(filter));
    const rows = await findEntries(db, visibleTo(caller, filter), page.after, page.limit);
    return page.cut(
      rows,
      ({ leaf }) => leaf,
      (rows, nextPageToken) => ({ entries: rows.map(toEntry), nextPageToken }),
    );
  },
});

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
    index: BigInt(row.leaf),
    kind: row.kind === 'read' ? EntryKind.READ : EntryKind.EVENT,
    part: row.part,
  };
}
