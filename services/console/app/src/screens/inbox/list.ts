import { infiniteQueryOptions } from '@tanstack/react-query';
import {
  beginningsOf,
  EVERYTHING,
  type InboxSearch,
  listRequest,
  OTHERS,
  type Part,
  type Place,
  URGENT,
} from '../../../../src/first/inbox.ts';
import { call } from '../../api/call.ts';

/** The deliveries of a part, newest first; urgent ones before the others where somebody waits. */
export const inboxList = (part: Part, search: InboxSearch) => {
  const read = (place: Place, signal: AbortSignal) =>
    call('routing.v1.DocumentRoutingService/ListInbox', listRequest(part, search, place), signal);
  const after = (place: Place, token: string): Place | undefined =>
    token === '' ? undefined : { ...place, token };
  const [beginning = EVERYTHING, others] = beginningsOf(part);
  return infiniteQueryOptions({
    queryKey: ['routing', 'inbox', part, search] as const,
    // Undefined: two beginnings, read at once.
    initialPageParam: others === undefined ? beginning : undefined,
    async queryFn({ pageParam, signal }) {
      if (pageParam !== undefined) {
        const { items, nextPageToken } = await read(pageParam, signal);
        const next = after(pageParam, nextPageToken);
        return { items, next: next ?? (pageParam.urgencies === URGENT ? others : undefined) };
      }
      const [urgent, rest] = await Promise.all([
        read(beginning, signal),
        read({ urgencies: OTHERS, token: '' }, signal),
      ]);
      if (urgent.nextPageToken !== '')
        return { items: urgent.items, next: after(beginning, urgent.nextPageToken) };
      return {
        items: [...urgent.items, ...rest.items],
        next: after({ urgencies: OTHERS, token: '' }, rest.nextPageToken),
      };
    },
    getNextPageParam: ({ next }) => next,
  });
};
