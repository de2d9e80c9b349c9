import { z } from 'zod';
import { decodePageToken, encodePageToken } from './page-token.ts';
import { field } from './parse.ts';

/** The fields of a request for one page of a list. */
export const pageFields = { pageSize: field.pageSize, pageToken: z.string() };

/** A list's kind, the schema of its cursor, and the filter that determines its content. */
export interface Paging<C> {
  kind: string;
  cursor: z.ZodType<C>;
  filter: unknown;
}

export function cursorIn<C>({ kind, cursor, filter }: Paging<C>, token: string): C | undefined {
  const decoded = decodePageToken<unknown>(kind, token, filter);
  if (decoded === undefined) return undefined;
  const parsed = cursor.safeParse(decoded);
  if (parsed.success) return parsed.data;
  // A token of this list with a cursor that no page contained: refused like an unknown token.
  return decodePageToken<C>(kind, 'AAAA', filter);
}

/** Cuts a result read with one row more than the page has. */
export function pageOf<R, C>(
  { kind, filter }: Paging<C>,
  rows: readonly R[],
  pageSize: number,
  cursorOf: (row: R) => C,
): { page: readonly R[]; nextPageToken: string } {
  const page = rows.slice(0, pageSize);
  const last = page.at(-1);
  const more = rows.length > pageSize && last !== undefined;
  return { page, nextPageToken: more ? encodePageToken(kind, cursorOf(last), filter) : '' };
}
