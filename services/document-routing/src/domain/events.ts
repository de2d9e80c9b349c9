import type { CommonEventType } from '@lienthong/contracts/events';
import type { EventPayload, EventType, NewEvent } from '@lienthong/eventlog';
import type { DeliveryRecord } from './delivery-record.ts';

export type RoutingEventType = Exclude<Extract<EventType, `lienthong.routing.v1.${string}`>, CommonEventType>;
/** One of this service's events; `type` discriminates the payload. */
export type RoutingEvent = Extract<NewEvent, { type: RoutingEventType }>;
export type RoutingEventOf<T extends RoutingEventType> = Extract<RoutingEvent, { type: T }>;

type ChangeType = Exclude<
  RoutingEventType,
  | 'lienthong.routing.v1.DocumentIssued'
  | 'lienthong.routing.v1.DeliverySent'
  | 'lienthong.routing.v1.NumberSeriesSet'
>;

/** An event of an existing delivery, with its next version; the event's subject ends with the holder's code. */
export function deliveryEvent<T extends ChangeType>(
  type: T,
  delivery: Pick<DeliveryRecord, 'id' | 'documentId' | 'holder' | 'version'>,
  payload: EventPayload<T>,
): RoutingEvent {
  return {
    type,
    payload,
    aggregateId: delivery.id,
    version: delivery.version + 1,
    agencyCode: delivery.holder.code,
    agencyId: delivery.holder.agencyId,
    documentId: delivery.documentId,
  } as RoutingEvent;
}
