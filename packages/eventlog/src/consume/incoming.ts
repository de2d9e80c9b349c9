import { isEventType } from '@lienthong/contracts/events';
import type { JsMsg } from '@nats-io/jetstream';
import { type Envelope, Received } from '../event.ts';
import { fromValues } from '../wire/message.ts';
import { headerValues } from '../wire/nats-headers.ts';

/** An event as it arrives, of a type this program may not know. */
export interface Incoming {
  type: string;
  envelope: Envelope;
  bytes: Uint8Array;
}

/** Undefined for a message that is not an event: another program wrote it into a stream that has one writer. */
export function incoming(message: JsMsg): Incoming | undefined {
  const values = headerValues(message);
  if (!values.get('ce-type')) return undefined;
  const { type, envelope } = fromValues(values, message.seq, message.subject);
  return revive(type, envelope, message.data);
}

export function revive(type: string, envelope: Envelope, bytes: Uint8Array): Incoming {
  return isEventType(type) ? new Received(type, envelope, bytes) : { type, envelope, bytes };
}

export const isOf =
  (types: readonly string[]) =>
  (event: Incoming): boolean =>
    types.includes(event.type);
