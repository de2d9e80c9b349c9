import {
  ChangeKind,
  DeliveryState,
  DeliveryStatus,
  type PendingChange,
  type SignatureVerdict,
} from '@lienthong/contracts/routing';
import { failure, type Refusal, type Result, success } from '@lienthong/kit';
import type { DeliveryRecord } from './delivery-record.ts';
import { deliveryEvent, type RoutingEvent } from './events.ts';

const S = DeliveryStatus;

/** The statuses that may follow each work status, while no change is pending. */
const NEXT: Readonly<Record<number, readonly DeliveryStatus[]>> = {
  [S.UNSPECIFIED]: [S.ARRIVED, S.REFUSED],
  [S.ARRIVED]: [S.REFUSED, S.ACCEPTED],
  [S.REFUSED]: [],
  [S.ACCEPTED]: [S.ASSIGNED, S.IN_PROGRESS, S.DONE],
  [S.ASSIGNED]: [S.ASSIGNED, S.IN_PROGRESS, S.DONE],
  [S.IN_PROGRESS]: [S.ASSIGNED, S.IN_PROGRESS, S.DONE],
  [S.DONE]: [],
};

/** The statuses that a work status has passed or is. */
const PASSED: Readonly<Record<number, readonly DeliveryStatus[]>> = {
  [S.UNSPECIFIED]: [],
  [S.ARRIVED]: [S.ARRIVED],
  [S.REFUSED]: [S.ARRIVED, S.REFUSED],
  [S.ACCEPTED]: [S.ARRIVED, S.ACCEPTED],
  [S.ASSIGNED]: [S.ARRIVED, S.ACCEPTED, S.ASSIGNED],
  [S.IN_PROGRESS]: [S.ARRIVED, S.ACCEPTED, S.ASSIGNED, S.IN_PROGRESS],
  [S.DONE]: [S.ARRIVED, S.ACCEPTED, S.ASSIGNED, S.IN_PROGRESS, S.DONE],
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
  /** In the recipient's system; undefined: at the call. */
  happenedAt: Date | undefined;
  /** What the check of the signatures found, when the recipient takes the document in. */
  signatureVerdict?: SignatureVerdict;
}

/** The holder reports a status. `agencyName` is the holder's name at that time. Refuses: CHANGE_PENDING, STATUS_NOT_ALLOWED. */
export function report(
  delivery: DeliveryRecord,
  { status, reason, assignee, happenedAt, signatureVerdict }: Report,
  at: Date,
  agencyName: string,
): Result<RoutingEvent> {
  const allowed = allowedReports(delivery);
  if (!allowed.includes(status)) return failure(notAllowed(delivery, status, allowed));
  const of = about(delivery, at, agencyName);
  if (status === S.RECALL_AGREED) {
    const { kind, documentId } = delivery.pending as PendingChange;
    return success(
      deliveryEvent('lienthong.routing.v1.DeliveryChanged', delivery, {
        ...of,
        kind,
        supersededById: kind === ChangeKind.RECALL ? '' : documentId,
        reason,
        state: kind === ChangeKind.UPDATE ? delivery.state : closedBy(kind),
        agreed: true,
        happenedAt,
      }),
    );
  }
  const work = status === S.RECALL_REFUSED ? delivery.workStatus : status;
  return success(
    deliveryEvent('lienthong.routing.v1.DeliveryStatusReported', delivery, {
      ...of,
      status,
      reason,
      assignee,
      happenedAt,
      signatureVerdict,
      state:
        work === S.REFUSED
          ? DeliveryState.REFUSED
          : work === S.DONE
            ? DeliveryState.DONE
            : DeliveryState.OPEN,
    }),
  );
}

/** The holder reports a status that the delivery has passed; it changes nothing. Refuses: STATUS_NOT_LATE. */
export function noteLate(
  delivery: DeliveryRecord,
  { status, reason, assignee, happenedAt }: Report,
  at: Date,
  agencyName: string,
): Result<RoutingEvent> {
  const passed = PASSED[delivery.workStatus] ?? [];
  if (!passed.includes(status)) return failure(notLate(status, passed));
  const of = { ...about(delivery, at, agencyName), status, reason, assignee, happenedAt };
  return success(deliveryEvent('lienthong.routing.v1.LateStatusNoted', delivery, of));
}

/** True when the sender may still recall the delivery or change its document. */
export const isChangeable = (delivery: DeliveryRecord): boolean =>
  isLive(delivery) && delivery.pending === undefined;

/**
 * The sender recalls, updates or replaces the document: at once before the delivery has arrived, by a request (13) after it.
 * Only for a delivery that `isChangeable`.
 */
export function change(
  delivery: DeliveryRecord,
  requested: PendingChange,
  at: Date,
  senderName: string,
): RoutingEvent {
  const of = about(delivery, at, senderName);
  if (delivery.workStatus !== S.UNSPECIFIED)
    return deliveryEvent('lienthong.routing.v1.DeliveryChangeRequested', delivery, {
      ...of,
      change: requested,
    });
  return deliveryEvent('lienthong.routing.v1.DeliveryChanged', delivery, {
    ...of,
    kind: requested.kind,
    supersededById: requested.kind === ChangeKind.RECALL ? '' : requested.documentId,
    reason: requested.reason,
    state: requested.kind === ChangeKind.UPDATE ? delivery.state : closedBy(requested.kind),
    agreed: false,
    happenedAt: undefined,
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

/** The national code of a status, two digits. */
export const statusCode = (status: DeliveryStatus): string => String(status).padStart(2, '0');

function notAllowed(
  delivery: DeliveryRecord,
  reported: DeliveryStatus,
  allowed: readonly DeliveryStatus[],
): Refusal {
  const from = statusCode(delivery.status);
  const next = allowed.map(statusCode).join(', ');
  return {
    kind: 'failed-precondition',
    reason: delivery.pending ? 'CHANGE_PENDING' : 'STATUS_NOT_ALLOWED',
    message: `status ${statusCode(reported)} cannot follow ${from} for this delivery; ${
      next === '' ? 'no further status can be reported' : `report one of ${next}`
    }`,
    violations: [{ field: 'status', description: `cannot follow ${from}`, reason: 'STATUS_NOT_ALLOWED' }],
    metadata: { from, to: statusCode(reported), allowed: next },
  };
}

function notLate(reported: DeliveryStatus, passed: readonly DeliveryStatus[]): Refusal {
  const allowed = passed.map(statusCode).join(', ');
  return {
    kind: 'failed-precondition',
    reason: 'STATUS_NOT_LATE',
    message: `the delivery has not passed status ${statusCode(reported)}; ${
      allowed === '' ? 'it has passed none' : `it has passed ${allowed}`
    }. Report it without late`,
    violations: [
      { field: 'late', description: 'is only for a status that was passed', reason: 'STATUS_NOT_LATE' },
    ],
    metadata: { to: statusCode(reported), allowed },
  };
}
