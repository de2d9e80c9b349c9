import { DeliveryStatus, type Reroute } from '@lienthong/contracts/routing';
import type { RoutingEvent } from './events.ts';

/** A row of a delivery's history, without its actor. */
export interface HistoryEntry {
  status: DeliveryStatus;
  reason: string;
  assignee: string;
  agencyName: string;
  at: Date;
  reroute: Reroute | undefined;
}

/** The history row of an event; undefined for an event that changes neither status nor holder. */
export function historyOf(event: RoutingEvent): HistoryEntry | undefined {
  switch (event.type) {
    case 'lienthong.routing.v1.DeliveryStatusReported': {
      const { status, reason, assignee, agencyName, at } = event.payload;
      return entry(at, { status, reason, assignee, agencyName });
    }
    case 'lienthong.routing.v1.DeliveryChangeRequested': {
      const { change, agencyName, at } = event.payload;
      return entry(at, { status: DeliveryStatus.RECALL_REQUESTED, reason: change?.reason ?? '', agencyName });
    }
    case 'lienthong.routing.v1.DeliveryChanged': {
      const { agreed, reason, agencyName, at } = event.payload;
      const status = agreed ? DeliveryStatus.RECALL_AGREED : DeliveryStatus.UNSPECIFIED;
      return entry(at, { status, reason, agencyName });
    }
    case 'lienthong.routing.v1.DeliveryRerouted':
      return entry(event.payload.at, { reroute: event.payload.reroute });
    default:
      return undefined;
  }
}

function entry(at: Date | undefined, fields: Partial<HistoryEntry>): HistoryEntry {
  if (at === undefined) throw new Error('an event of a delivery carries its time');
  const blank = {
    status: DeliveryStatus.UNSPECIFIED,
    reason: '',
    assignee: '',
    agencyName: '',
    reroute: undefined,
  };
  return { ...blank, at, ...fields };
}
