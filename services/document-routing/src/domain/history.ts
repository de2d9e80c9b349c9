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
  /** In the recipient's system; undefined: `at`. */
  happenedAt: Date | undefined;
  /** It was never current. */
  late: boolean;
}

/** The history row of an event; undefined for an event that changes neither status nor holder. */
export function historyOf(event: RoutingEvent): HistoryEntry | undefined {
  switch (event.type) {
    case 'lienthong.routing.v1.DeliveryStatusReported': {
      const { status, reason, assignee, agencyName, at, happenedAt } = event.payload;
      return entry(at, { status, reason, assignee, agencyName, happenedAt });
    }
    case 'lienthong.routing.v1.LateStatusNoted': {
      const { status, reason, assignee, agencyName, at, happenedAt } = event.payload;
      return entry(at, { status, reason, assignee, agencyName, happenedAt, late: true });
    }
    case 'lienthong.routing.v1.DeliveryChangeRequested': {
      const { change, agencyName, at } = event.payload;
      return entry(at, { status: DeliveryStatus.RECALL_REQUESTED, reason: change?.reason ?? '', agencyName });
    }
    case 'lienthong.routing.v1.DeliveryChanged': {
      const { agreed, reason, agencyName, at, happenedAt } = event.payload;
      const status = agreed ? DeliveryStatus.RECALL_AGREED : DeliveryStatus.UNSPECIFIED;
      return entry(at, { status, reason, agencyName, happenedAt });
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
    happenedAt: undefined,
    late: false,
  };
  return { ...blank, at, ...fields };
}
