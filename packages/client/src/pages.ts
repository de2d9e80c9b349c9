import type { CallOptions } from 'nice-grpc-common';
import type { CallExtras } from './call.ts';

export type Options = CallOptions & CallExtras;

/** Yields the items of all pages of a list; holds one page at a time. */
export async function* pages<Request, Page extends { nextPageToken: string }, Item>(
  list: (request: Request & { pageToken: string }, options?: Options) => Promise<Page>,
  items: (page: Page) => Item[],
  request: Request,
  options?: Options,
): AsyncGenerator<Item, void, undefined> {
  let pageToken = '';
  do {
    const page = await list({ ...request, pageToken }, options);
    yield* items(page);
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
}
