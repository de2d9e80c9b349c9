import { decodeEvent, isEventType } from '@lienthong/contracts/events';
import type { Reader } from '@lienthong/kit';
import type { CaseworkEventType } from '../domain/decision/events.ts';
import { type PastEvent, pastEvent } from '../domain/history/past.ts';
import { unpack } from '../domain/imports/history.ts';

/** An event of the log with its actor. */
export interface HistoryEvent {
  event: PastEvent;
  /** The agency that it concerns. */
  agencyId: string;
  actorAgencyId: string;
  actorOfficerId: string;
  traceId: string;
  /** The system that it happened in; '' for this one. */
  importedFrom: string;
}

interface EventRow {
  type: string;
  version: number;
  agency_id: string;
  actor_agency_id: string;
  actor_officer_id: string;
  occurred_at: Date;
  traceparent: string;
  payload: Buffer;
}

/** A dossier's events, oldest first, by the key of an aggregate's versions. */
export async function readHistory(reader: Reader, dossierId: string): Promise<HistoryEvent[]> {
  const rows = await reader.query<EventRow>({
    name: 'read_history',
    text: `select type, version, agency_id, actor_agency_id, actor_officer_id, occurred_at, traceparent, payload
             from event where aggregate_id = $1 order by version`,
    values: [dossierId],
  });
  return rows.flatMap((row) => toHistory(toEvent(row), row));
}

/** An event; before that of an import, what happened in the other system. */
function toHistory(event: PastEvent, row: EventRow): HistoryEvent[] {
  const own = {
    event,
    agencyId: row.agency_id,
    actorAgencyId: row.actor_agency_id,
    actorOfficerId: row.actor_officer_id,
    traceId: row.traceparent.split('-')[1] ?? '',
    importedFrom: '',
  };
  if (event.type !== 'lienthong.casework.v1.DossierImported') return [own];
  const { system: importedFrom } = event.payload;
  const past = unpack(event.payload, event.version).map((one) => ({ ...one, traceId: '', importedFrom }));
  return [...past, own];
}

function toEvent({ type, version, occurred_at, payload }: EventRow): PastEvent {
  // A newer release of this service may have written it while this one still runs.
  if (!isEventType(type)) throw new Error(`event ${type} of version ${version} is unknown to this program`);
  const known = type as CaseworkEventType;
  return pastEvent(known, decodeEvent(known, payload), version, occurred_at);
}
