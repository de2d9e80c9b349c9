import { headers, type MsgHdrs } from '@nats-io/nats-core';
import type { Envelope } from '../event.ts';
import type { SequencedEvent } from './sequence.ts';

/**
 * The headers of a published event: CloudEvents 1.0 attributes (binary mode of its NATS binding), the W3C trace
 * context, and the JetStream expectation that makes its stream sequence its position.
 */
export function toHeaders(event: SequencedEvent, source: string): MsgHdrs {
  const h = headers();
  h.set('Nats-Expected-Last-Sequence', String(event.position - 1));
  h.set('ce-specversion', '1.0');
  h.set('ce-id', event.event_id);
  h.set('ce-source', source);
  h.set('ce-type', event.type);
  h.set('ce-subject', event.aggregate_id);
  h.set('ce-time', event.occurred_at.toISOString());
  h.set('ce-aggregateversion', String(event.version));
  if (event.actor_agency_id !== '') h.set('ce-actoragency', encode(event.actor_agency_id));
  if (event.actor_officer_id !== '') h.set('ce-actorofficer', encode(event.actor_officer_id));
  if (event.agency_id !== '') h.set('ce-agencyid', encode(event.agency_id));
  if (event.document_id !== '') h.set('ce-documentid', encode(event.document_id));
  if (event.dossier_code !== '') h.set('ce-dossiercode', encode(event.dossier_code));
  if (event.traceparent !== '') h.set('traceparent', event.traceparent);
  h.set('content-type', 'application/protobuf');
  return h;
}

/** The envelope in a message's headers. @throws when the message is not an event of this platform */
export function fromHeaders(
  h: MsgHdrs | undefined,
  position: number,
  subject: string,
): { type: string; envelope: Envelope } {
  const type = h?.get('ce-type') ?? '';
  if (h === undefined || type === '') throw new Error(`message ${position} on ${subject} carries no event`);
  return {
    type,
    envelope: {
      eventId: h.get('ce-id'),
      source: h.get('ce-source'),
      position,
      subject,
      aggregateId: h.get('ce-subject'),
      version: Number(h.get('ce-aggregateversion')),
      occurredAt: new Date(h.get('ce-time')),
      actor: { agencyId: decode(h.get('ce-actoragency')), officerId: decode(h.get('ce-actorofficer')) },
      agencyId: decode(h.get('ce-agencyid')),
      documentId: decode(h.get('ce-documentid')),
      dossierCode: decode(h.get('ce-dossiercode')),
      traceparent: h.get('traceparent'),
    },
  };
}

// The CloudEvents binding asks for percent-encoding of what is not printable ASCII.
const PLAIN = /^[\x21-\x24\x26-\x7e]*$/;
const encode = (text: string): string => (PLAIN.test(text) ? text : encodeURIComponent(text));
const decode = (text: string): string => (text.includes('%') ? decodeURIComponent(text) : text);
