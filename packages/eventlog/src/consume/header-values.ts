import type { JsMsg } from '@nats-io/jetstream';

/** Where nats.js keeps the bytes of a message: headers first, then the payload. Not part of its interface. */
interface Raw {
  msg?: { _msg?: { hdr?: unknown }; _rdata?: unknown };
}

/**
 * The first value of each header. nats.js looks through all names for each header it reads, which for our fourteen is
 * most of the work of reading an event; here the bytes are walked through once. Where they are not found, nats.js reads.
 */
export function headerValues(message: JsMsg): ReadonlyMap<string, string> {
  const text = rawHeaders(message);
  if (text !== undefined) return parse(text);
  const values = new Map<string, string>();
  for (const [name, [value]] of message.headers ?? []) values.set(name, value ?? '');
  return values;
}

/** `NATS/1.0`, then a line for each header, then an empty one; undefined when they are not where they are looked for. */
export function rawHeaders(message: JsMsg): string | undefined {
  const { _msg, _rdata } = (message as unknown as Raw).msg ?? {};
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
