import { decodeEvent, type EventPayload, type EventType } from '@lienthong/contracts/events';

export type { EventPayload, EventSource, EventType } from '@lienthong/contracts/events';

/** The agency and the officer (or system) that acted; both empty for the platform itself. */
export interface Actor {
  agencyId: string;
  officerId: string;
}

/** An event as a decision returns it. */
export interface NewEventOf<T extends EventType> {
  type: T;
  payload: EventPayload<T>;
  /** UUID. */
  aggregateId: string;
  /** 1, 2, 3 … without gaps per aggregate. */
  version: number;
  /** The agency that the event concerns: the code that ends its subject ('' for none), and the stable id. */
  agencyCode: string;
  agencyId: string;
  /** The document and the dossier that the event belongs to. */
  documentId?: string;
  dossierCode?: string;
}
export type NewEvent = { [T in EventType]: NewEventOf<T> }[EventType];

/** A new event with its id, time and actor, as `append` takes it. */
export type RecordedEvent = NewEvent & { eventId: string; occurredAt: Date; actor: Actor };

/** An event as the log holds it, and as it is published. */
export interface LoggedEvent {
  position: number;
  event_id: string;
  type: string;
  aggregate_id: string;
  version: string;
  subject: string;
  agency_id: string;
  document_id: string;
  dossier_code: string;
  actor_agency_id: string;
  actor_officer_id: string;
  /** ISO 8601, UTC, milliseconds. */
  occurred_at: string;
  traceparent: string;
  payload: Uint8Array;
}

/** The envelope of a published event: CloudEvents attributes and this platform's extensions. */
export interface Envelope {
  eventId: string;
  source: string;
  /** The event's place in its source's log and stream, from 1 without gaps. */
  position: number;
  subject: string;
  aggregateId: string;
  version: number;
  occurredAt: Date;
  actor: Actor;
  agencyId: string;
  documentId: string;
  dossierCode: string;
  traceparent: string;
}

/** An event as a consumer receives it; the payload is decoded when it is first read. */
export class ReceivedEventOf<T extends EventType = EventType> {
  readonly type: T;
  readonly envelope: Envelope;
  readonly bytes: Uint8Array;
  #payload: EventPayload<T> | undefined;

  constructor(type: T, envelope: Envelope, bytes: Uint8Array) {
    this.type = type;
    this.envelope = envelope;
    this.bytes = bytes;
  }

  /** @throws when the bytes are not a message of this type */
  get payload(): EventPayload<T> {
    this.#payload ??= decodeEvent(this.type, this.bytes);
    return this.#payload;
  }
}
export type ReceivedEvent = { [T in EventType]: ReceivedEventOf<T> }[EventType];
