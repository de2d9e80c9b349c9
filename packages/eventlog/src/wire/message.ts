import type { MsgHdrs } from '@nats-io/nats-core';
import type { Envelope, LoggedEvent } from '../event.ts';
import type { EventMac } from './mac.ts';
import { toMsgHdrs } from './nats-headers.ts';

/** A message as it stands in the stream. */
export interface StreamMessage {
  /** The first value of each header. */
  values: ReadonlyMap<string, string>;
  seq: number;
  subject: string;
  data: Uint8Array;
}

/** The headers that say what happened, in the order in which the MAC covers them. */
const ATTRIBUTES = [
  'ce-id',
  'ce-source',
  'ce-type',
  'ce-subject',
  'ce-time',
  'ce-aggregateversion',
  'ce-actoragency',
  'ce-actorofficer',
  'ce-agencyid',
  'ce-documentid',
  'ce-dossiercode',
  'traceparent',
] as const;

/**
 * The headers of a published event: CloudEvents 1.0 attributes (binary mode of its NATS binding), the W3C trace
 * context, the MAC of it all, and Nats-Expected-Last-Sequence, by which the server takes the event only at the sequence
 * of its position.
 */
export function toHeaders(event: LoggedEvent, source: string, mac: EventMac): MsgHdrs {
  const values = valuesOf(event, source);
  const code = mac.sign(signedText(event.position, event.subject, values), event.payload);
  return toMsgHdrs(`${headerText(event.position - 1, values)}ce-mac: ${code}\r\n\r\n`);
}

/** What the headers say of an event. */
export type EventAttributes = Omit<LoggedEvent, 'position' | 'subject' | 'payload'>;

/**
 * The headers of an event in an agency's slice: the same attributes, and the feed's cursor in place of the MAC, whose
 * keys the agency does not have.
 * @param after the sequence of the message before it
 */
export const toSliceHeaders = (
  event: EventAttributes,
  source: string,
  after: number,
  cursor: string,
): MsgHdrs => toMsgHdrs(`${headerText(after, valuesOf(event, source))}${CURSOR}: ${cursor}\r\n\r\n`);

/** The header with the feed's cursor. */
export const CURSOR = 'ce-cursor';

type Values = readonly string[] & { length: (typeof ATTRIBUTES)['length'] };

const valuesOf = (event: EventAttributes, source: string): Values => [
  event.event_id,
  source,
  event.type,
  event.aggregate_id,
  event.occurred_at,
  event.version,
  encode(event.actor_agency_id),
  encode(event.actor_officer_id),
  encode(event.agency_id),
  encode(event.document_id),
  encode(event.dossier_code),
  event.traceparent,
];

function headerText(after: number, values: Values): string {
  let text =
    `NATS/1.0\r\nNats-Expected-Last-Sequence: ${after}\r\nce-specversion: 1.0\r\n` +
    'content-type: application/protobuf\r\n';
  ATTRIBUTES.forEach((name, i) => {
    if (values[i] !== '') text += `${name}: ${values[i]}\r\n`;
  });
  return text;
}

/**
 * Whether the relay of the source published this message, unchanged and at this place. A stranger's message is not
 * authentic, and neither is an event that was published again at another place.
 */
export function isAuthentic({ values, seq, subject, data }: StreamMessage, mac: EventMac): boolean {
  const code = values.get('ce-mac');
  const attributes = ATTRIBUTES.map((name) => values.get(name) ?? '');
  return code !== undefined && mac.verify(code, signedText(seq, subject, attributes), data);
}

/** What the MAC covers besides the payload. A header cannot hold the end of a line, so no two messages have the same text. */
const signedText = (position: number, subject: string, attributes: readonly string[]): string =>
  `${position}\r\n${subject}\r\n${attributes.join('\r\n')}\r\n`;

/** The type and envelope of an authentic message. */
export function readEnvelope({ values, seq, subject }: StreamMessage): { type: string; envelope: Envelope } {
  const get = (name: (typeof ATTRIBUTES)[number]) => values.get(name) ?? '';
  return {
    type: get('ce-type'),
    envelope: {
      eventId: get('ce-id'),
      source: get('ce-source'),
      position: seq,
      subject,
      aggregateId: get('ce-subject'),
      version: Number(get('ce-aggregateversion')),
      occurredAt: new Date(get('ce-time')),
      actor: { agencyId: decode(get('ce-actoragency')), officerId: decode(get('ce-actorofficer')) },
      agencyId: decode(get('ce-agencyid')),
      documentId: decode(get('ce-documentid')),
      dossierCode: decode(get('ce-dossiercode')),
      traceparent: get('traceparent'),
    },
  };
}

// The CloudEvents binding asks for percent-encoding of what is not printable ASCII. A % is encoded too: `decode` takes
// it for the sign of an encoded value.
const PLAIN = /^[\x21-\x24\x26-\x7e]*$/;
const encode = (text: string): string => (PLAIN.test(text) ? text : encodeURIComponent(text));
const decode = (text: string): string => (text.includes('%') ? decodeURIComponent(text) : text);
