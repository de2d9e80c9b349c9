import { DeliveryStatus } from '@lienthong/contracts/routing';
import type pg from 'pg';
import type { Agency } from '../agencies.ts';
import { letter } from '../scenarios/documents.ts';
import { callers, clientOf } from './callers.ts';
import type { Cluster } from './cluster.ts';
import type { Note } from './compare.ts';

/** What the platform acknowledged. */
export interface Documents {
  /** Delivery id and newest acknowledged status, by document id. */
  acknowledged: Map<string, { deliveryId: string; status: DeliveryStatus }>;
  reports: number;
  unanswered: number;
}

/** Agencies that repeatedly issue a letter, receive and accept it. */
export function documentTraffic(
  cluster: Cluster,
  agencies: readonly Agency[],
  count: number,
): { stop(): Promise<Documents> } {
  const acknowledged: Documents['acknowledged'] = new Map();
  let reports = 0;
  const running = callers(count, async (caller, n) => {
    const recipient = agencies[(caller * 7 + n) % agencies.length] as Agency;
    const sender = await clientOf(cluster, (agencies[caller] as Agency).id, caller);
    const receiver = await clientOf(cluster, recipient.id, caller + n);
    try {
      const { document, deliveries } = await sender.routing.issueDocument(letter([recipient]));
      const deliveryId = deliveries[0]?.deliveryId as string;
      const entry = { deliveryId, status: DeliveryStatus.UNSPECIFIED as DeliveryStatus };
      acknowledged.set(document?.id as string, entry);
      for (const status of [DeliveryStatus.ARRIVED, DeliveryStatus.ACCEPTED]) {
        await receiver.routing.reportStatus({ deliveryId, status });
        entry.status = status;
        reports += 1;
      }
    } finally {
      sender.close();
      receiver.close();
    }
  });
  return {
    async stop() {
      const unanswered = await running.stop();
      return { acknowledged, reports, unanswered };
    },
  };
}

export async function compareDocuments(
  database: pg.Client,
  { acknowledged }: Documents,
  note: Note,
): Promise<void> {
  const { rows } = await database.query<{ id: string; document_id: string; status: number }>(
    'select id, document_id, status from document_routing.delivery',
  );
  const stored = Map.groupBy(rows, (row) => row.document_id);
  for (const [documentId, { deliveryId, status }] of acknowledged) {
    const deliveries = stored.get(documentId) ?? [];
    if (deliveries.length > 1) note('doubled', `document ${documentId} has ${deliveries.length} deliveries`);
    const delivery = deliveries.find((one) => one.id === deliveryId);
    // A report may have been committed although its reply was lost: never less than acknowledged.
    if (delivery === undefined || delivery.status < status) {
      note('lost', `delivery ${deliveryId} is at ${delivery?.status}, acknowledged was ${status}`);
    }
  }
}
