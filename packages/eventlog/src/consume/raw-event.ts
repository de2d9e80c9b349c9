import { isEventType } from '@lienthong/contracts/events';
import type { JsMsg } from '@nats-io/jetstream';
import { type Envelope, ReceivedEventOf } from '../event.ts';
import type { EventMac } from '../wire/mac.ts';
import { isAuthentic, readEnvelope } from '../wire/message.ts';
import { headerValues } from '../wire/nats-headers.ts';

/** An event as it arrives; this program may not know its type. */
export interface RawEvent {
  type: string;
  envelope: Envelope;
  bytes: Uint8Array;
}

/** Undefined for a message that the relay of its source did not publish, or that was changed or moved. */
export function toRawEvent(message: JsMsg, mac: EventMac): RawEvent | undefined {
  const { seq, subject, data } = message;
  const received = { values: headerValues(message), seq, subject, data };
  if (!isAuthentic(received, mac)) return undefined;
  const { type, envelope } = readEnvelope(received);
  return rawEventFrom(type, envelope, data);
}

export function rawEventFrom(type: string, envelope: Envelope, bytes: Uint8Array): RawEvent {
  return isEventType(type) ? new ReceivedEventOf(type, envelope, bytes) : { type, envelope, bytes };
}

export const hasTypeIn =
  (types: readonly string[]) =>
  (event: RawEvent): boolean =>
    types.includes(event.type);
