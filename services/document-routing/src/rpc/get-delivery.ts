import { Reroute, type StatusEntry } from '@lienthong/contracts/routing';
import { annotate, field, refuse } from '@lienthong/kit';
import { standsFor } from '@lienthong/reference-data';
import { z } from 'zod';
import { deliveryNotFound, hasReceived } from '../domain/access.ts';
import { toDelivery } from '../domain/delivery-record.ts';
import { readDelivery, type StatusRow } from '../store/read-document.ts';
import { issuerOf, toReadItem, toRecord, toSummary } from '../store/rows.ts';
import { query, Routing, WORKS_WITH_DOCUMENTS } from './deps.ts';

export const getDelivery = query(Routing.getDelivery, {
  policy: WORKS_WITH_DOCUMENTS,
  reads: 'buffered',
  request: z.object({ deliveryId: field.uuid }),
  handle: async ({ deliveryId }, { caller, today, reads }, { db, agencies }) => {
    const [found] = await Promise.all([readDelivery(db, deliveryId), agencies.refresh(db)]);
    if (found === undefined) return refuse(deliveryNotFound);
    annotate({ document: found.delivery.document_id });
    reads.push(toReadItem(found.delivery));
    const delivery = toRecord(found.delivery, issuerOf(found.delivery));
    const takesPart =
      standsFor(agencies, caller.agencyId, delivery.sender.agencyId, today) ||
      hasReceived(agencies, caller.agencyId, delivery, today);
    if (!takesPart) return refuse(deliveryNotFound);
    return {
      delivery: toDelivery(delivery),
      document: toSummary(found.delivery),
      history: found.history.map(toEntry),
    };
  },
});

const toEntry = (row: StatusRow): StatusEntry => ({
  status: row.status as StatusEntry['status'],
  reason: row.reason,
  actor: { agencyId: row.actor_agency_id, officerId: row.actor_officer_id },
  agencyName: row.agency_name,
  assignee: row.assignee,
  at: row.at,
  happenedAt: row.happened_at ?? undefined,
  late: row.late,
  reroute: row.reroute === null ? undefined : Reroute.fromJSON(row.reroute),
});
