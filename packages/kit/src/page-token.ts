import { createHash } from 'node:crypto';
import { invalid, refuse } from './errors.ts';

const digest = (kind: string, filter: unknown): string =>
  createHash('sha256')
    .update(kind)
    .update(JSON.stringify(filter, (_, v) => (typeof v === 'bigint' ? v.toString() : v)))
    .digest('base64url')
    .slice(0, 16);

/** A token for the page after `cursor`; valid only for the same list with the same filter. */
export function encodePageToken(kind: string, cursor: unknown, filter: unknown): string {
  return Buffer.from(JSON.stringify([digest(kind, filter), cursor])).toString('base64url');
}

/** The cursor in a token; undefined for an empty token, the first page. */
export function decodePageToken<C>(kind: string, token: string, filter: unknown): C | undefined {
  if (token === '') return undefined;
  try {
    const [check, cursor] = JSON.parse(Buffer.from(token, 'base64url').toString()) as [string, C];
    if (check === digest(kind, filter)) return cursor;
  } catch (cause) {
    return refuse(unknownToken, { cause });
  }
  return refuse(unknownToken);
}

const unknownToken = invalid([
  {
    field: 'page_token',
    description: 'does not belong to this list and filter; start again with an empty page_token',
    reason: 'PAGE_TOKEN_INVALID',
  },
]);
