import type { routing } from '@lienthong/contracts/json';
import type { Call, Request } from './types.ts';

type Status = routing.DeliveryStatus;
type ListRequest = Request<'routing.v1.DocumentRoutingService/ListInbox'>;

/** Parts of the inbox by what is to be done with a document: statuses of deliveries. */
const PARTS = {
  moi: ['DELIVERY_STATUS_UNSPECIFIED', 'DELIVERY_STATUS_ARRIVED'],
  'tiep-nhan': ['DELIVERY_STATUS_ACCEPTED'],
  'dang-xu-ly': ['DELIVERY_STATUS_ASSIGNED', 'DELIVERY_STATUS_IN_PROGRESS', 'DELIVERY_STATUS_RECALL_REFUSED'],
  'thu-hoi': ['DELIVERY_STATUS_RECALL_REQUESTED', 'DELIVERY_STATUS_RECALL_AGREED'],
  xong: ['DELIVERY_STATUS_DONE'],
  'tra-lai': ['DELIVERY_STATUS_REFUSED'],
  'tat-ca': [],
} as const satisfies Record<string, readonly Status[]>;
export type Part = keyof typeof PARTS;
export const PART_NAMES = Object.keys(PARTS) as Part[];
/** None: all. */
export const statusesOf = (part: Part): readonly Status[] => PARTS[part];
const isPart = (text: string | undefined): text is Part => text !== undefined && Object.hasOwn(PARTS, text);

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
}: InboxSearch): NonNullable<ListRequest['filter']> => ({
  ...(tim && { text: tim }),
  ...(loai && { types: [loai] }),
  ...(directives && { steerings: ['STEERING_TYPE_DIRECTIVE'] as const }),
});

/** The most urgent first. */
const LEVELS: readonly (readonly routing.Urgency[])[] = [
  ['URGENCY_FLASH_TIMED', 'URGENCY_FLASH'],
  ['URGENCY_VERY_URGENT'],
  ['URGENCY_URGENT'],
  ['URGENCY_NORMAL'],
];
const PAGE = 50;

export interface Place {
  /** None: all. */
  urgencies: readonly routing.Urgency[];
  token: string;
}

/** The lists that a part has one after the other: by urgency in the parts where somebody waits. */
export const listsOf = (part: Part): readonly Place[] =>
  (OPEN.includes(part) ? LEVELS : [[]]).map((urgencies) => ({ urgencies, token: '' }));

export const partOf = ({ muc }: InboxSearch): Part => (isPart(muc) ? muc : 'moi');

/** One page of a part of the inbox. */
export function listRequest(part: Part, search: InboxSearch, { urgencies, token }: Place): ListRequest {
  const statuses = statusesOf(part);
  const filter = {
    ...filterOf(search),
    statuses: statuses.filter((status) => status !== NOT_ARRIVED),
    notYetArrived: statuses.includes(NOT_ARRIVED),
  };
  return { filter: { ...filter, urgencies }, pageSize: PAGE, pageToken: token };
}

/** What the screen reads first: the counts of all parts, and the beginning of one. */
export function inboxCalls(search: InboxSearch): readonly Call[] {
  const part = partOf(search);
  return [
    ['routing.v1.DocumentRoutingService/CountInbox', { filter: filterOf(search) }],
    ...listsOf(part).map(
      (place) => ['routing.v1.DocumentRoutingService/ListInbox', listRequest(part, search, place)] as const,
    ),
  ];
}
