import { decodePageToken, encodePageToken } from '@lienthong/kit';

interface PageRequest {
  /** The list, for example "children". */
  list: string;
  /** The request's filter as the caller sent it; a token is good for the same filter only. */
  filter: unknown;
  pageToken: string;
  pageSize: number;
  /** The date asked about, kept in the token: pages of one list do not shift at midnight. */
  at: string;
}

/** One page of a list sorted by a cursor, and the token of the next one ('' after the last). */
export async function page<Item, Cursor>(
  { list, filter, pageToken, pageSize, at }: PageRequest,
  read: (at: string, after: Cursor | undefined, limit: number) => Promise<{ item: Item; cursor: Cursor }[]>,
): Promise<{ items: Item[]; nextPageToken: string }> {
  const token = decodePageToken<[at: string, cursor: Cursor]>(list, pageToken, filter);
  const date = token?.[0] ?? at;
  const rows = await read(date, token?.[1], pageSize + 1);
  const shown = rows.slice(0, pageSize);
  const last = shown.at(-1);
  return {
    items: shown.map(({ item }) => item),
    nextPageToken: rows.length > pageSize && last ? encodePageToken(list, [date, last.cursor], filter) : '',
  };
}
