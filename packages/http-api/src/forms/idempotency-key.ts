import type { IncomingMessage } from 'node:http';
import type { DescMessage } from '@bufbuild/protobuf';
import { invalid, refuse } from '@lienthong/kit';

const FIELD = 'request_id';

/**
 * Puts the header Idempotency-Key, with or without its quotation marks, into the request_id of a parsed request; of a
 * stream, into that of its header. Does nothing where the message has none.
 * Refuses: IDEMPOTENCY_KEY_DIFFERS.
 */
export function useIdempotencyKey(request: IncomingMessage, type: DescMessage) {
  const key = /^"?([^"]*)"?$/.exec(String(request.headers['idempotency-key'] ?? '').trim())?.[1] ?? '';
  const nested = type.fields.find(({ name, message }) => name === 'header' && hasField(message));
  const isNested = nested !== undefined;
  return (value: unknown): void => {
    if (key === '' || !(isNested || hasField(type))) return;
    const target = isNested ? (value as Record<string, unknown> | null)?.[nested.jsonName] : value;
    if (typeof target !== 'object' || target === null) return;
    const fields = target as Record<string, unknown>;
    const given = fields.requestId ?? fields[FIELD];
    if (given === undefined || given === '') {
      delete fields[FIELD];
      fields.requestId = key;
    } else if (given !== key) {
      const field = isNested ? `header.${FIELD}` : FIELD;
      const description = 'differs from the header Idempotency-Key; send one of them, or the same in both';
      refuse(invalid([{ field, description, reason: 'IDEMPOTENCY_KEY_DIFFERS' }]));
    }
  };
}

const hasField = (message: DescMessage | undefined): boolean =>
  message?.fields.some(({ name }) => name === FIELD) ?? false;
