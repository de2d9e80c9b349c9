import { ChangeKind, DeliveryStatus, type Party } from '@lienthong/contracts/routing';
import { unreachable } from '@lienthong/kit';
import type { DeliveryRecord } from './delivery-record.ts';
import type { RoutingEvent } from './events.ts';

/** The fields of a delivery that one event changes, in the state and in the tables. */
export type DeliveryPatch = Partial<
  Omit<DeliveryRecord, 'id' | 'documentId' | 'addressedTo' | 'sender' | 'sentAt'>
>;

/** Statuses of the recipient's work; the others belong to a change that the sender requests. */
const WORK_STATUSES: readonly DeliveryStatus[] = [
  DeliveryStatus.ARRIVED,
  DeliveryStatus.REFUSED,
  DeliveryStatus.ACCEPTED,
  DeliveryStatus.ASSIGNED,
  DeliveryStatus.IN_PROGRESS,
  DeliveryStatus.DONE,
];

/** The patch of an event; undefined for one that changes no existing delivery. */
export function patchOf(event: RoutingEvent): DeliveryPatch | undefined {
  const { version } = event;
  switch (event.type) {
    case 'lienthong.routing.v1.DocumentIssued':
    case 'lienthong.routing.v1.DeliverySent':
    case 'lienthong.routing.v1.NumberSeriesSet':
      return undefined;
    case 'lienthong.routing.v1.DeliveryStatusReported': {
      const { status, state, at, signatureVerdict } = event.payload;
      const patch: DeliveryPatch = { version, status, state, statusAt: at, pending: undefined };
      if (WORK_STATUSES.includes(status)) patch.workStatus = status;
      if (signatureVerdict) patch.signatureState = signatureVerdict.state;
      return patch;
    }
    case 'lienthong.routing.v1.DeliveryChangeRequested':
      return {
        version,
        status: DeliveryStatus.RECALL_REQUESTED,
        statusAt: event.payload.at,
        pending: event.payload.change,
      };
    case 'lienthong.routing.v1.DeliveryChanged': {
      const { agreed, state, kind, at, supersededById } = event.payload;
      const patch: DeliveryPatch = { version, state, pending: undefined };
      if (supersededById !== '') patch.supersededById = supersededById;
      if (agreed) Object.assign(patch, { status: DeliveryStatus.RECALL_AGREED, statusAt: at });
      else if (kind !== ChangeKind.UPDATE) patch.withdrawn = true;
      return patch;
    }
    case 'lienthong.routing.v1.DeliveryRerouted':
      return { version, holder: event.payload.reroute?.to as Party };
    case 'lienthong.routing.v1.LateStatusNoted':
      return { version };
    case 'lienthong.routing.v1.DirectiveAnswered':
      return { version, answeredById: event.payload.reportId, answeredAt: event.payload.at };
    default:
      return unreachable(event);
  }
}
