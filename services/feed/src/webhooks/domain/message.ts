import { eventToJson, isEventType } from '@lienthong/contracts/events';
import { EventsLost } from '@lienthong/contracts/feed';

/** An event of the feed as a webhook sends it. */
export interface FeedRecord {
  cursor: string;
  id: string;
  source: string;
  type: string;
  subject: string;
  time: Date;
  traceparent: string;
  sequence: number;
  actor: { agencyId: string; officerId: string };
  dossierCode: string;
  documentId: string;
  data: Uint8Array;
}

export const EVENTS_LOST = 'lienthong.feed.v1.EventsLost';

/**
 * CloudEvents 1.0, structured mode: `data` is the payload as proto3 JSON. A type this program does not know goes as
 * `data_base64` with its protobuf bytes. With `resend` the event may have been delivered before.
 */
export function eventBody(event: FeedRecord, resend: boolean): string {
  const { type } = event;
  const known = isEventType(type);
  return JSON.stringify({
    specversion: '1.0',
    id: event.id,
    source: event.source,
    type,
    subject: event.subject,
    time: event.time.toISOString(),
    datacontenttype: known ? 'application/json' : 'application/protobuf',
    traceparent: orAbsent(event.traceparent),
    // The CloudEvents extension "sequence" is a string.
    sequence: String(event.sequence),
    cursor: event.cursor,
    actoragency: orAbsent(event.actor.agencyId),
    actorofficer: orAbsent(event.actor.officerId),
    dossiercode: orAbsent(event.dossierCode),
    documentid: orAbsent(event.documentId),
    resend: resend ? true : undefined,
    ...(known
      ? { data: eventToJson(type, event.data) }
      : { data_base64: Buffer.from(event.data).toString('base64') }),
  });
}

/** Takes the place of events of a subject that will not be delivered. */
export interface Loss {
  /** The loss's own id, the same at every attempt. */
  id: string;
  subject: string;
  time: Date;
  count: number;
  firstCursor: string;
  lastCursor: string;
  reason: string;
}

export function lossBody({ id, time, ...loss }: Loss): string {
  return JSON.stringify({
    specversion: '1.0',
    id,
    source: '/lienthong/feed',
    type: EVENTS_LOST,
    subject: orAbsent(loss.subject),
    time: time.toISOString(),
    datacontenttype: 'application/json',
    data: EventsLost.toJSON(loss),
  });
}

const orAbsent = (text: string): string | undefined => (text === '' ? undefined : text);
