/**
 * The only file that uses inner parts of nats.js: where it keeps the bytes of a message's headers, and the method by
 * which it encodes them. What this brings, and the way back: docs/adr/0015-inner-parts-of-pg-and-nats.md.
 */
import type { JsMsg } from '@nats-io/jetstream';
import { type MsgHdrs, MsgHdrsImpl } from '@nats-io/nats-core';

/** Headers whose text is complete. nats.js searches all names for each header that is set. */
class EncodedHeaders extends MsgHdrsImpl {
  readonly #text: string;
  constructor(text: string) {
    super();
    this.#text = text;
  }
  override encode(): Uint8Array {
    return Buffer.from(this.#text, 'latin1');
  }
}

/** @param text `NATS/1.0`, a line for each header, an empty line; each line ends with CR LF; printable ASCII */
export const toMsgHdrs = (text: string): MsgHdrs => new EncodedHeaders(text);

/** Where nats.js keeps the bytes of a received message: headers first, then the payload. */
interface InnerMessage {
  msg?: { _msg?: { hdr?: unknown }; _rdata?: unknown };
}

/**
 * The first value of each header. nats.js searches all names for each header it reads, which for our fourteen is most
 * of the work of reading an event; here one pass over the bytes finds them all. If the bytes are elsewhere, nats.js
 * reads them.
 */
export function headerValues(message: JsMsg): ReadonlyMap<string, string> {
  const text = rawHeaders(message);
  if (text !== undefined) return parse(text);
  const values = new Map<string, string>();
  for (const [name, [value]] of message.headers ?? []) values.set(name, value ?? '');
  return values;
}

/** `NATS/1.0`, a line for each header, an empty line; undefined when the bytes are not where this file expects them. */
export function rawHeaders(message: JsMsg): string | undefined {
  const { _msg, _rdata } = (message as unknown as InnerMessage).msg ?? {};
  const size = _msg?.hdr;
  if (typeof size !== 'number' || size < 0 || !(_rdata instanceof Uint8Array)) return undefined;
  return Buffer.from(_rdata.buffer, _rdata.byteOffset, size).toString('utf8');
}

function parse(text: string): Map<string, string> {
  const values = new Map<string, string>();
  let at = text.indexOf('\r\n') + 2;
  while (at < text.length) {
    const end = text.indexOf('\r\n', at);
    if (end <= at) break;
    const colon = text.indexOf(':', at);
    const name = text.slice(at, colon);
    if (colon !== -1 && colon < end && !values.has(name)) values.set(name, text.slice(colon + 1, end).trim());
    at = end + 2;
  }
  return values;
}
