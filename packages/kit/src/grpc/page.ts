import type { z } from 'zod';
import { invalid, refuse } from '../errors.ts';
import type { PageTokens } from '../page-tokens.ts';
import type { ReadItem } from './reads.ts';

/** A page is kept well under what a default client reads, 4 MiB. */
export const MAX_PAGE_BYTES = 3 * 1024 * 1024;

/** The page that a request names. */
export interface Page<C> {
  /** Where the page before ended; undefined for the first one. */
  after: C | undefined;
  /** How many rows to read: one more than the page has, which shows that there is a next one. */
  limit: number;
  /**
   * Makes the reply from the first rows; a reply that is too large is made again from fewer.
   * @param itemOf what a row shows, for a method that declares `reads`
   */
  cut<R, P>(
    rows: readonly R[],
    cursorOf: (row: R) => C,
    reply: (rows: readonly R[], nextPageToken: string) => P | Promise<P>,
    itemOf?: (row: R) => ReadItem,
  ): Cut<P>;
}

/** A reply that can be made from fewer rows. */
export interface Cut<P> {
  rows: number;
  reply(rows: number): P | Promise<P>;
  /** What the first rows show. */
  items?: (rows: number) => ReadItem[];
}

/** Refuses: PAGE_TOKEN_INVALID. */
export function pageOf<C>(
  tokens: PageTokens,
  list: string,
  cursor: z.ZodType<C>,
  { pageSize, pageToken }: { pageSize: number; pageToken: string },
): Page<C> {
  return {
    after: pageToken === '' ? undefined : openToken(tokens, list, cursor, pageToken),
    limit: pageSize + 1,
    cut: (rows, cursorOf, reply, itemOf) => ({
      rows: Math.min(rows.length, pageSize),
      ...(itemOf && { items: (n) => rows.slice(0, n).map(itemOf) }),
      reply(n) {
        const last = rows[n - 1];
        const more = n < rows.length && last !== undefined;
        return reply(rows.slice(0, n), more ? tokens.seal(cursorOf(last), list) : '');
      },
    }),
  };
}

function openToken<C>(tokens: PageTokens, list: string, cursor: z.ZodType<C>, token: string): C {
  const parsed = cursor.safeParse(tokens.open(token, list));
  return parsed.success ? parsed.data : refuse(pageTokenInvalid);
}

/** The encoded page with as many rows as fit, and their number. */
export async function cutToFit<P>(
  cut: Cut<P>,
  encode: (reply: P) => Uint8Array,
  maxBytes = MAX_PAGE_BYTES,
): Promise<{ bytes: Uint8Array; rows: number }> {
  for (let rows = cut.rows; ; ) {
    const bytes = encode(await cut.reply(rows));
    if (bytes.length <= maxBytes || rows <= 1) return { bytes, rows };
    // Rows differ in size, so a tenth fewer than would fit on average.
    rows = Math.max(1, Math.min(rows - 1, Math.floor((rows * 0.9 * maxBytes) / bytes.length)));
  }
}

const pageTokenInvalid = invalid([
  {
    field: 'page_token',
    description: 'is not a token of this list with this filter; start again with an empty page_token',
    reason: 'PAGE_TOKEN_INVALID',
  },
]);
