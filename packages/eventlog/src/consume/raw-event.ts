import { isEventType } from '@lienthong/contracts/events';
import type { JsMsg } from '@nats-io/jetstream';
import { type Envelope, ReceivedEventOf } from '../event.ts';
import { readEnvelope } from '../wire/message.ts';
import { headerValues } from '../wire/nats-headers.ts';

/** An event as it arrives; this program may not know its type. */
export interface RawEvent {
  type: string;
  envelope: Envelope;
  bytes: Uint8Array;
}

/** Undefined for a message without an event type: the relay did not write it, a foreign program did. */
export function toRawEvent(message: JsMsg): RawEvent | undefined {
  const values = headerValues(message);
  if (!values.get('ce-type')) return undefined;
  const { type, envelope } = readEnvelope(values, message.seq, message.subject);
  return rawEventFrom(type, envelope, message.data);
}

export function rawEventFrom(type: string, envelope: Envelope, bytes: Uint8Array): RawEvent {
  return isEventType(type) ? new ReceivedEventOf(type, envelope, bytes) : { type, envelope, bytes };
}

export const hasTypeIn =
  (types: readonly string[]) =>
  (event: RawEvent): boolean =>
    types.includes(event.type);
