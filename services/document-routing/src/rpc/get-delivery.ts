import {
  type GetDeliveryRequest,
  type GetDeliveryResponse,
  Reroute,
  type StatusEntry,
} from '@lienthong/contracts/routing';
import { type CallInfo, callerOf, field, instant, parse, refuse } from '@lienthong/kit';
import { standsFor } from '@lienthong/reference-data';
import { z } from 'zod';
import { deliveryNotFound, received } from '../domain/access.ts';
import { toDelivery } from '../domain/delivery.ts';
import { readDelivery, type StatusRow } from '../store/read-document.ts';
import { issuerOf, toRecord, toSummary } from '../store/rows.ts';
import type { Edge } from './edge.ts';

const schema = z.object({ deliveryId: field.uuid });

export function getDelivery({ db, clock, agencies }: Edge) {
  return async (request: GetDeliveryRequest, info: CallInfo): Promise<GetDeliveryResponse> => {
    const callerId = callerOf(info);
    const { deliveryId } = parse(schema, request);
    const [found] = await Promise.all([readDelivery(db, deliveryId), agencies.refresh(db)]);
    if (found === undefined) return refuse(deliveryNotFound);
    const { today } = instant(clock);
    const delivery = toRecord(found.delivery, issuerOf(found.delivery));
    const takesPart =
      standsFor(agencies, callerId, delivery.sender.agencyId, today) ||
      received(agencies, callerId, delivery, today);
    if (!takesPart) return refuse(deliveryNotFound);
    return {
      delivery: toDelivery(delivery),
      document: toSummary(found.delivery),
      history: found.history.map(toEntry),
    };
  };
}

const toEntry = (row: StatusRow): StatusEntry => ({
  status: row.status as StatusEntry['status'],
  reason: row.reason,
  actor: { agencyId: row.actor_agency_id, officerId: row.actor_officer_id },
  agencyName: row.agency_name,
  assignee: row.assignee,
  at: row.at,
  reroute: row.reroute === null ? undefined : Reroute.fromJSON(row.reroute),
});
