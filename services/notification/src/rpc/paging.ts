import { decodePageToken, encodePageToken, field } from '@lienthong/kit';
import { z } from 'zod';

export const pageFields = { pageSize: field.pageSize, pageToken: z.string() };

/** A list, newest first, and everything but the place in it that makes it what it is. */
export interface Paging {
  kind: string;
  filter: unknown;
}

/** The number of the last row seen; undefined at the beginning. */
export function placeIn({ kind, filter }: Paging, token: string): number | undefined {
  const place = decodePageToken<unknown>(kind, token, filter);
  if (place === undefined || Number.isSafeInteger(place)) return place as number | undefined;
  // The right list, but a place that none of its pages has given: refused as an unknown token is.
  return decodePageToken(kind, 'AAAA', filter);
}

/** Cuts a result read with one row more than the page has. */
export function pageOf<R extends { n: number }>(
  { kind, filter }: Paging,
  rows: readonly R[],
  pageSize: number,
): { page: readonly R[]; nextPageToken: string } {
  const page = rows.slice(0, pageSize);
  const last = page.at(-1);
  const more = rows.length > pageSize && last !== undefined;
  return { page, nextPageToken: more ? encodePageToken(kind, last.n, filter) : '' };
}
