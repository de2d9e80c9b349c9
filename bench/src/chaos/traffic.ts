import { connectAgency } from '@lienthong/client';
import { DeliveryStatus } from '@lienthong/contracts/routing';
import type { Agency } from '../agencies.ts';
import { letter } from '../scenarios/documents.ts';
import type { Cluster } from './cluster.ts';

/** What the platform said it had done. */
export interface Acknowledged {
  /** Delivery id and newest acknowledged status, by document id. */
  documents: Map<string, { deliveryId: string; status: DeliveryStatus }>;
  reports: number;
  /** Calls whose outcome stayed open after all retries. */
  unanswered: number;
}

const CALLERS = 12;

/** Callers that issue a letter, receive and accept it, over and over, each retrying until it is answered. */
export function traffic(cluster: Cluster, agencies: readonly Agency[]): { stop(): Promise<Acknowledged> } {
  const acknowledged: Acknowledged = { documents: new Map(), reports: 0, unanswered: 0 };
  let stopping = false;
  const callers = Array.from({ length: CALLERS }, async (_, i) => {
    const sender = await clientOf(cluster, agencies[i] as Agency, i);
    for (let n = 0; !stopping; n += 1) {
      const recipient = agencies[(i * 7 + n) % agencies.length] as Agency;
      const receiver = await clientOf(cluster, recipient, i + n);
      try {
        const { document, deliveries } = await sender.routing.issueDocument(letter([recipient]));
        const deliveryId = deliveries[0]?.deliveryId as string;
        const entry = { deliveryId, status: DeliveryStatus.UNSPECIFIED as DeliveryStatus };
        acknowledged.documents.set(document?.id as string, entry);
        for (const status of [DeliveryStatus.ARRIVED, DeliveryStatus.ACCEPTED]) {
          await receiver.routing.reportStatus({ deliveryId, status });
          entry.status = status;
          acknowledged.reports += 1;
        }
      } catch (error) {
        acknowledged.unanswered += 1;
        if (stopping) break;
        console.log(`unanswered: ${(error as Error).message}`);
      } finally {
        receiver.close();
      }
    }
    sender.close();
  });
  return {
    async stop() {
      stopping = true;
      await Promise.all(callers);
      return acknowledged;
    },
  };
}

async function clientOf(cluster: Cluster, agency: Agency, n: number) {
  const token = await cluster.token({ agencyId: agency.id, officerId: 'chaos', roles: ['system'] });
  const address = cluster.addresses[n % cluster.addresses.length] as string;
  return connectAgency({ address, token: () => token, timeoutMs: 120_000, tryTimeoutMs: 5_000 });
}
