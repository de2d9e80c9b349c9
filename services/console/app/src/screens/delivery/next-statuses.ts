import type { routing } from '@lienthong/contracts/json';

type Status = routing.DeliveryStatus;
type Row = Pick<routing.StatusEntry, 'status' | 'late' | 'reroute'>;

/** What the work itself says; the others are about a recall or change. */
const OF_WORK: readonly Status[] = [
  'DELIVERY_STATUS_UNSPECIFIED',
  'DELIVERY_STATUS_ARRIVED',
  'DELIVERY_STATUS_REFUSED',
  'DELIVERY_STATUS_ACCEPTED',
  'DELIVERY_STATUS_ASSIGNED',
  'DELIVERY_STATUS_IN_PROGRESS',
  'DELIVERY_STATUS_DONE',
];

const AT_WORK = ['DELIVERY_STATUS_ASSIGNED', 'DELIVERY_STATUS_IN_PROGRESS', 'DELIVERY_STATUS_DONE'] as const;

/** What the recipient may report now (document-routing's README: after …, the recipient may report …). */
export function nextStatuses(
  { status, state }: Pick<routing.Delivery, 'status' | 'state'>,
  history: readonly Row[],
): readonly Status[] {
  if (state !== 'DELIVERY_STATE_OPEN' && status !== 'DELIVERY_STATUS_RECALL_REQUESTED') return [];
  if (status === 'DELIVERY_STATUS_RECALL_REQUESTED')
    return ['DELIVERY_STATUS_RECALL_AGREED', 'DELIVERY_STATUS_RECALL_REFUSED'];
  const before = history.findLast(
    (row) => !row.late && row.reroute === undefined && OF_WORK.includes(row.status),
  );
  switch (OF_WORK.includes(status) ? status : before?.status) {
    case undefined:
    case 'DELIVERY_STATUS_UNSPECIFIED':
    case 'DELIVERY_STATUS_ARRIVED':
      return ['DELIVERY_STATUS_ACCEPTED', 'DELIVERY_STATUS_REFUSED'];
    case 'DELIVERY_STATUS_ACCEPTED':
    case 'DELIVERY_STATUS_ASSIGNED':
    case 'DELIVERY_STATUS_IN_PROGRESS':
      return AT_WORK;
    default:
      return [];
  }
}
