import { createHmac, createSecretKey, hash, randomBytes } from 'node:crypto';

/** An entry of the audit log as it is proved: actors and references, and no content of citizens. */
export interface AuditRecord {
  /** Of this format. */
  version: 1;
  /** A fact in a service's log, a read of something protected, or an administrative act. */
  kind: RecordKind;
  /** The service whose log has the event, and the event's position there. */
  source: string;
  position: number;
  /** From 0, where one event bundles several reads; absent: the entry is the whole event. */
  index?: number;
  eventId: string;
  /** Full name of the event's message. */
  type: string;
  /** RFC 3339 in UTC with milliseconds: 2026-01-05T01:40:00.000Z */
  occurredAt: string;
  /** '' where there is none, as in all references below. */
  actor: { agencyId: string; officerId: string };
  aggregateId: string;
  aggregateVersion: number;
  /** The agency that the event concerns. */
  agencyId: string;
  documentId: string;
  dossierCode: string;
  /** `commit` of the payload: it can be shown later, and does not tell anything until then. */
  payload: string;
}

export type RecordKind = 'event' | 'read' | 'act';

export const SALT_BYTES = 32;

/** A secret for each entry. Once it is deleted, nobody can find the payload by trying candidates. */
export function createSalts(count: number): Buffer[] {
  const bytes = randomBytes(count * SALT_BYTES);
  return Array.from({ length: count }, (_, n) => bytes.subarray(n * SALT_BYTES, (n + 1) * SALT_BYTES));
}

/** A commitment to a payload: HMAC-SHA256 with the salt as key, in hex. */
export const commit = (payload: Uint8Array, salt: Uint8Array): string =>
  createHmac('sha256', createSecretKey(salt)).update(payload).digest('hex');

/**
 * The record as JSON in its one canonical form, RFC 8785: members sorted, no white space, numbers and texts as
 * ECMAScript writes them.
 * @throws RangeError when a number is not a whole one up to 2^53 - 1, or a text is not well-formed Unicode
 */
export function canonicalBytes(record: AuditRecord): Buffer {
  const { actor, index, position, aggregateVersion } = record;
  if (![index ?? 0, position, aggregateVersion].every((n) => Number.isSafeInteger(n) && n >= 0))
    throw new RangeError('a number of an audit record is a whole one from 0 to 2^53 - 1');
  // The members are written in the order of their names. One that is undefined is left out.
  const text = JSON.stringify({
    actor: { agencyId: actor.agencyId, officerId: actor.officerId },
    agencyId: record.agencyId,
    aggregateId: record.aggregateId,
    aggregateVersion,
    documentId: record.documentId,
    dossierCode: record.dossierCode,
    eventId: record.eventId,
    index,
    kind: record.kind,
    occurredAt: record.occurredAt,
    payload: record.payload,
    position,
    source: record.source,
    type: record.type,
    version: record.version,
  });
  // JSON.stringify escapes half of a surrogate pair; RFC 8785 has no form for it.
  if (text.includes('\\ud') && LONE_SURROGATE.test(text))
    throw new RangeError('a text of an audit record is not well-formed Unicode');
  return Buffer.from(text);
}

/** An escape that is not the text \ud… after an escaped backslash. */
const LONE_SURROGATE = /(?<!\\)(?:\\\\)*\\ud[89a-f]/;

/** What the log has of a record: the leaf's entry in a transparency log, SHA-256 of the canonical bytes. */
export const entryOf = (record: AuditRecord): Buffer => hash('sha256', canonicalBytes(record), 'buffer');
