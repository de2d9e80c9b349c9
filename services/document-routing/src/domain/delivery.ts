import {
  ChangeKind,
  type Delivery,
  DeliveryState,
  DeliveryStatus,
  type Party,
  type PendingChange,
} from '@lienthong/contracts/routing';
import { failure, type Refusal, type Result, success } from '@lienthong/kit';
import { deliveryEvent, type RoutingEvent } from './events.ts';

/** One delivery as the machine knows it. */
export interface DeliveryRecord {
  id: string;
  documentId: string;
  addressedTo: Party;
  holder: Party;
  sender: Party;
  state: DeliveryState;
  /** The newest status, as shown. */
  status: DeliveryStatus;
  /** The newest of 01–06: a request to change (13) and its answer (15, 16) do not stop the work. */
  workStatus: DeliveryStatus;
  pending: PendingChange | undefined;
  sentAt: Date;
  statusAt: Date | undefined;
  answeredById: string;
  answeredAt: Date | undefined;
  supersededById: string;
  /** Taken back by the sender before it arrived: the recipient never sees it. */
  withdrawn: boolean;
  version: number;
}

/** As the API shows it. */
export function toDelivery({ workStatus, withdrawn, version, ...shown }: DeliveryRecord): Delivery {
  return { ...shown, version: BigInt(version) };
}

const S = DeliveryStatus;

/** What a recipient may say next of the work, when the sender asks for nothing. */
const NEXT: Readonly<Record<number, readonly DeliveryStatus[]>> = {
  [S.UNSPECIFIED]: [S.ARRIVED, S.REFUSED],
  [S.ARRIVED]: [S.REFUSED, S.ACCEPTED],
  [S.REFUSED]: [],
  [S.ACCEPTED]: [S.ASSIGNED, S.IN_PROGRESS, S.DONE],
  [S.ASSIGNED]: [S.ASSIGNED, S.IN_PROGRESS, S.DONE],
  [S.IN_PROGRESS]: [S.ASSIGNED, S.IN_PROGRESS, S.DONE],
  [S.DONE]: [],
};

const isLive = (delivery: DeliveryRecord): boolean =>
  delivery.state === DeliveryState.OPEN || delivery.state === DeliveryState.DONE;

/** The statuses the holder may report now. */
export function allowedReports(delivery: DeliveryRecord): readonly DeliveryStatus[] {
  if (!isLive(delivery)) return [];
  if (delivery.pending) return [S.RECALL_AGREED, S.RECALL_REFUSED];
  return NEXT[delivery.workStatus] ?? [];
}

export interface Report {
  status: DeliveryStatus;
  reason: string;
  assignee: string;
}

/** The holder says a status. `agencyName` is the holder's name at that time. */
export function report(
  delivery: DeliveryRecord,
  said: Report,
  at: Date,
  agencyName: string,
): Result<RoutingEvent> {
  const allowed = allowedReports(delivery);
  if (!allowed.includes(said.status)) return failure(notAllowed(delivery, said.status, allowed));
  const of = about(delivery, at, agencyName);
  if (said.status === S.RECALL_AGREED) {
    const { kind, documentId } = delivery.pending as PendingChange;
    return success(
      deliveryEvent('lienthong.routing.v1.DeliveryChanged', delivery, {
        ...of,
        kind,
        supersededById: kind === ChangeKind.RECALL ? '' : documentId,
        reason: said.reason,
        state: kind === ChangeKind.UPDATE ? delivery.state : closedBy(kind),
        agreed: true,
      }),
    );
  }
  const work = said.status === S.RECALL_REFUSED ? delivery.workStatus : said.status;
  return success(
    deliveryEvent('lienthong.routing.v1.DeliveryStatusReported', delivery, {
      ...of,
      ...said,
      state:
        work === S.REFUSED
          ? DeliveryState.REFUSED
          : work === S.DONE
            ? DeliveryState.DONE
            : DeliveryState.OPEN,
    }),
  );
}

/** True when the sender may still ask for the delivery back, or for a change of it. */
export const isChangeable = (delivery: DeliveryRecord): boolean =>
  isLive(delivery) && delivery.pending === undefined;

/**
 * The sender takes back, updates or replaces: at once where the delivery has not arrived, by asking (13) where it has.
 * Only for a delivery that `isChangeable`.
 */
export function change(
  delivery: DeliveryRecord,
  wanted: PendingChange,
  at: Date,
  senderName: string,
): RoutingEvent {
  const of = about(delivery, at, senderName);
  if (delivery.workStatus !== S.UNSPECIFIED)
    return deliveryEvent('lienthong.routing.v1.DeliveryChangeRequested', delivery, { ...of, change: wanted });
  return deliveryEvent('lienthong.routing.v1.DeliveryChanged', delivery, {
    ...of,
    kind: wanted.kind,
    supersededById: wanted.kind === ChangeKind.RECALL ? '' : wanted.documentId,
    reason: wanted.reason,
    state: wanted.kind === ChangeKind.UPDATE ? delivery.state : closedBy(wanted.kind),
    agreed: false,
  });
}

const closedBy = (kind: ChangeKind): DeliveryState =>
  kind === ChangeKind.RECALL ? DeliveryState.RECALLED : DeliveryState.REPLACED;

const about = (delivery: DeliveryRecord, at: Date, agencyName: string) => ({
  deliveryId: delivery.id,
  documentId: delivery.documentId,
  senderId: delivery.sender.agencyId,
  holderId: delivery.holder.agencyId,
  at,
  agencyName,
});

/** The national two-digit code. */
export const statusCode = (status: DeliveryStatus): string => String(status).padStart(2, '0');

function notAllowed(
  delivery: DeliveryRecord,
  wanted: DeliveryStatus,
  allowed: readonly DeliveryStatus[],
): Refusal {
  const from = statusCode(delivery.status);
  const next = allowed.map(statusCode).join(', ');
  return {
    kind: 'failed-precondition',
    reason: delivery.pending ? 'CHANGE_PENDING' : 'STATUS_NOT_ALLOWED',
    message: `status ${statusCode(wanted)} cannot follow ${from} here; ${
      next === '' ? 'nothing more can be reported' : `allowed now: ${next}`
    }`,
    violations: [{ field: 'status', description: `cannot follow ${from}`, reason: 'STATUS_NOT_ALLOWED' }],
    metadata: { from, to: statusCode(wanted), allowed: next },
  };
}
