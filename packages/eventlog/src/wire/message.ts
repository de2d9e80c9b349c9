import type { MsgHdrs } from '@nats-io/nats-core';
import type { Envelope, LoggedEvent } from '../event.ts';
import { toMsgHdrs } from './nats-headers.ts';

/**
 * The headers of a published event: CloudEvents 1.0 attributes (binary mode of its NATS binding), the W3C trace
 * context, and Nats-Expected-Last-Sequence, by which the server takes the event only at the sequence of its position.
 */
export function toHeaders(event: LoggedEvent, source: string): MsgHdrs {
  let text =
    `NATS/1.0\r\nNats-Expected-Last-Sequence: ${event.position - 1}\r\nce-specversion: 1.0\r\n` +
    `ce-id: ${event.event_id}\r\nce-source: ${source}\r\nce-type: ${event.type}\r\n` +
    `ce-subject: ${event.aggregate_id}\r\nce-time: ${event.occurred_at}\r\n` +
    `ce-aggregateversion: ${event.version}\r\ncontent-type: application/protobuf\r\n`;
  const optional = (name: string, value: string) => {
    if (value !== '') text += `${name}: ${encode(value)}\r\n`;
  };
  optional('ce-actoragency', event.actor_agency_id);
  optional('ce-actorofficer', event.actor_officer_id);
  optional('ce-agencyid', event.agency_id);
  optional('ce-documentid', event.document_id);
  optional('ce-dossiercode', event.dossier_code);
  optional('traceparent', event.traceparent);
  return toMsgHdrs(`${text}\r\n`);
}

/** The envelope from the values of the headers by name. @throws when the message is not an event of this platform */
export function readEnvelope(
  values: ReadonlyMap<string, string>,
  position: number,
  subject: string,
): { type: string; envelope: Envelope } {
  const get = (name: string) => values.get(name) ?? '';
  const type = get('ce-type');
  if (type === '') throw new Error(`message ${position} on ${subject} carries no event`);
  return {
    type,
    envelope: {
      eventId: get('ce-id'),
      source: get('ce-source'),
      position,
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
