/** A row of `feed_event`. */
export interface EventRow {
  seq: number;
  event_id: string;
  source: string;
  type: string;
  aggregate_id: string;
  version: number;
  occurred_at: Date;
  actor_agency_id: string;
  actor_officer_id: string;
  dossier_code: string;
  document_id: string;
  traceparent: string;
  payload: Buffer;
}

/** What is read of every new event, for all streams at once. */
export interface TailRow extends EventRow {
  /** Agencies and reserved ids. */
  audience: readonly string[];
}

/** The columns of `feed_event f` except `seq`. */
export const EVENT_COLUMNS = `f.event_id, f.source, f.type, f.aggregate_id, f.version, f.occurred_at,
                              f.actor_agency_id, f.actor_officer_id, f.dossier_code, f.document_id, f.traceparent,
                              f.payload`;
