import type { routing } from '@lienthong/contracts/json';
import { infiniteQueryOptions } from '@tanstack/react-query';
import { call, type Request } from '../../api/call.ts';
import type { Key } from '../../text/text.tsx';

type Status = routing.DeliveryStatus;

/** Parts of the inbox by what is to be done with a document. */
export const PARTS = {
  moi: { key: 'inbox.new', statuses: ['DELIVERY_STATUS_UNSPECIFIED', 'DELIVERY_STATUS_ARRIVED'] },
  'tiep-nhan': { key: 'inbox.accepted', statuses: ['DELIVERY_STATUS_ACCEPTED'] },
  'dang-xu-ly': {
    key: 'inbox.inProgress',
    statuses: ['DELIVERY_STATUS_ASSIGNED', 'DELIVERY_STATUS_IN_PROGRESS', 'DELIVERY_STATUS_RECALL_REFUSED'],
  },
  'thu-hoi': {
    key: 'inbox.recalls',
    statuses: ['DELIVERY_STATUS_RECALL_REQUESTED', 'DELIVERY_STATUS_RECALL_AGREED'],
  },
  xong: { key: 'inbox.done', statuses: ['DELIVERY_STATUS_DONE'] },
  'tra-lai': { key: 'inbox.refused', statuses: ['DELIVERY_STATUS_REFUSED'] },
  'tat-ca': { key: 'inbox.all', statuses: [] },
} as const satisfies Record<string, { key: Key; statuses: readonly Status[] }>;
export type Part = keyof typeof PARTS;
export const isPart = (text: string | undefined): text is Part => text !== undefined && text in PARTS;

/** Filters have a field of its own for it. */
const NOT_ARRIVED: Status = 'DELIVERY_STATUS_UNSPECIFIED';

/** Parts in which somebody waits: what is urgent stands first. */
const OPEN: readonly Part[] = ['moi', 'tiep-nhan', 'dang-xu-ly', 'thu-hoi'];

/** What the address of the inbox says. */
export interface InboxSearch {
  muc?: string | undefined;
  tim?: string | undefined;
  loai?: string | undefined;
  'chi-dao'?: string | undefined;
}

/** The filter of the list and of the counts beside it. */
export const filterOf = ({
  tim,
  loai,
  'chi-dao': directives,
}: InboxSearch): Request<'routing.v1.DocumentRoutingService/ListInbox'>['filter'] => ({
  ...(tim && { text: tim }),
  ...(loai && { types: [loai] }),
  ...(directives && { steerings: ['STEERING_TYPE_DIRECTIVE'] as const }),
});

const URGENT = ['URGENCY_URGENT', 'URGENCY_VERY_URGENT', 'URGENCY_FLASH', 'URGENCY_FLASH_TIMED'] as const;
const OTHERS = ['URGENCY_NORMAL'] as const;
const PAGE = 50;

interface Place {
  urgencies: readonly routing.Urgency[];
  token: string;
}

/** The deliveries of a part, newest first; urgent ones before the others where somebody waits. */
export const inboxList = (part: Part, search: InboxSearch) => {
  const statuses: readonly Status[] = PARTS[part].statuses;
  const filter = {
    ...filterOf(search),
    statuses: statuses.filter((status) => status !== NOT_ARRIVED),
    notYetArrived: statuses.includes(NOT_ARRIVED),
  };
  const read = (place: Place, signal: AbortSignal) =>
    call(
      'routing.v1.DocumentRoutingService/ListInbox',
      { filter: { ...filter, urgencies: place.urgencies }, pageSize: PAGE, pageToken: place.token },
      signal,
    );
  const after = (place: Place, token: string): Place | undefined =>
    token === '' ? undefined : { ...place, token };
  const everything: Place = { urgencies: [], token: '' };
  const first: Place | undefined = OPEN.includes(part) ? undefined : everything;
  return infiniteQueryOptions({
    queryKey: ['routing', 'inbox', part, search] as const,
    initialPageParam: first,
    async queryFn({ pageParam, signal }) {
      if (pageParam !== undefined) {
        const { items, nextPageToken } = await read(pageParam, signal);
        const next = after(pageParam, nextPageToken);
        return {
          items,
          next: next ?? (pageParam.urgencies === URGENT ? { urgencies: OTHERS, token: '' } : undefined),
        };
      }
      const [urgent, others] = await Promise.all([
        read({ urgencies: URGENT, token: '' }, signal),
        read({ urgencies: OTHERS, token: '' }, signal),
      ]);
      if (urgent.nextPageToken !== '')
        return { items: urgent.items, next: { urgencies: URGENT, token: urgent.nextPageToken } as Place };
      return {
        items: [...urgent.items, ...others.items],
        next: after({ urgencies: OTHERS, token: '' }, others.nextPageToken),
      };
    },
    getNextPageParam: ({ next }) => next,
  });
};
