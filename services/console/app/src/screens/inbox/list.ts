import { infiniteQueryOptions } from '@tanstack/react-query';
import {
  type InboxSearch,
  listRequest,
  listsOf,
  type Part,
  type Place,
} from '../../../../src/first/inbox.ts';
import { call } from '../../api/call.ts';

/** The deliveries of a part, newest first; where somebody waits, the most urgent before the others. */
export const inboxList = (part: Part, search: InboxSearch) => {
  const read = (place: Place, signal: AbortSignal) =>
    call('routing.v1.DocumentRoutingService/ListInbox', listRequest(part, search, place), signal);
  return infiniteQueryOptions({
    queryKey: ['routing', 'inbox', part, search] as const,
    initialPageParam: listsOf(part),
    async queryFn({ pageParam: left, signal }) {
      // Lists that nobody has begun are read at once; what is shown ends with the first that goes on.
      const [first] = left;
      const places = first?.token ? [first] : left;
      const pages = await Promise.all(places.map((place) => read(place, signal)));
      const goesOn = pages.findIndex(({ nextPageToken }) => nextPageToken !== '');
      const shown = goesOn < 0 ? pages : pages.slice(0, goesOn + 1);
      const [current, token] = [left[shown.length - 1], shown.at(-1)?.nextPageToken];
      const next = left.slice(shown.length);
      if (current && token) next.unshift({ ...current, token });
      return { items: shown.flatMap(({ items }) => items), next };
    },
    getNextPageParam: ({ next }) => (next.length === 0 ? undefined : next),
  });
};
