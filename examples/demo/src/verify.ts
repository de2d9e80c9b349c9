import type { AgencyClient } from '@lienthong/client';
import { EntryKind } from '@lienthong/contracts/audit';
import { DeliveryState, DeliveryStatus } from '@lienthong/contracts/routing';
import { settled } from '@lienthong/sample-data';
import { deliveriesOf } from './ledger.ts';
import type { Stage } from './stage.ts';
import type { Watch } from './watch.ts';

export interface Verified {
  /** Numbers of deliveries by their shown status. */
  byStatus: Record<string, number>;
  auditEntries: number;
  /** Acknowledged, but missing in the sender's list, the recipient's inbox or the event stream. */
  lost: number;
  /** Found more than once. */
  duplicated: number;
  /** Deliveries whose holder is not the agency that they were addressed to. */
  rerouted: number;
  /** Descriptions of all differences between what was acknowledged and what the platform shows. */
  differences: string[];
}

/** Compares the ledger with the platform from outside: senders' lists, holders' inboxes, events, audit. */
export async function verify(stage: Stage, admin: AgencyClient, watch: Watch): Promise<Verified> {
  const { ledger } = stage;
  const differences: string[] = [];
  const expected = [...ledger.documents.values()].reduce((sum, document) => sum + document.events, 0);
  await settled(admin, (sequenced) => watch.position() === sequenced('routing') && watch.read() >= expected);

  const byStatus: Record<string, number> = {};
  let lost = 0;
  let duplicated = 0;
  let rerouted = 0;
  let auditEntries = 0;
  await Promise.all(
    [...ledger.documents.values()].map(async (document) => {
      const missing = new Map(deliveriesOf(ledger, document.id).map((one) => [one.id, one]));
      for await (const shown of stage
        .of(document.issuerId)
        .deliveries({ documentId: document.id, pageSize: 200 })) {
        const sent = missing.get(shown.id);
        if (sent === undefined) {
          duplicated += 1;
          differences.push(`${document.title}: delivery ${shown.id} was never sent`);
          continue;
        }
        missing.delete(shown.id);
        const label = labelOf(shown.state, shown.status);
        byStatus[label] = (byStatus[label] ?? 0) + 1;
        if (shown.holder?.agencyId !== shown.addressedTo?.agencyId) rerouted += 1;
        const [is, should] = [
          [shown.status, shown.state, shown.holder?.agencyId, shown.answeredById !== ''],
          [sent.status, sent.state, sent.holderId, sent.answered],
        ].map((facts) => JSON.stringify(facts));
        if (is !== should)
          differences.push(`${document.title}: delivery ${shown.id} is ${is}, should be ${should}`);
      }
      lost += missing.size;
      for (const id of missing.keys()) differences.push(`${document.title}: delivery ${id} is lost`);
      const { count } = await admin.audit.countEntries({
        filter: { documentId: document.id, kind: EntryKind.EVENT },
      });
      auditEntries += Number(count);
      if (Number(count) !== document.events) {
        differences.push(`${document.title}: ${count} audit entries, should be ${document.events}`);
      }
    }),
  );

  const inboxes = await countInboxes(stage);
  for (const delivery of ledger.deliveries.values()) {
    const announced = watch.seen.get(delivery.id) ?? 0;
    const listed = inboxes.get(delivery.id) ?? 0;
    const hidden = delivery.status === DeliveryStatus.UNSPECIFIED && delivery.state !== DeliveryState.OPEN;
    if (announced === 0 || (listed === 0 && !hidden)) {
      lost += 1;
      differences.push(`delivery ${delivery.id}: announced ${announced} times, listed ${listed} times`);
    }
    if (announced > 1 || listed > 1) {
      duplicated += 1;
      differences.push(`delivery ${delivery.id}: announced ${announced} times, listed ${listed} times`);
    }
  }
  return { byStatus, auditEntries, lost, duplicated, rerouted, differences };
}

/** How often each delivery stands in its holder's inbox. */
async function countInboxes(stage: Stage): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const holders = new Set([...stage.ledger.deliveries.values()].map((delivery) => delivery.holderId));
  await Promise.all(
    [...holders].map(async (holderId) => {
      for await (const { delivery } of stage.of(holderId).inbox({ pageSize: 200 })) {
        // A successor's inbox also shows closed deliveries of its predecessors; each is counted at its holder.
        if (delivery === undefined || stage.ledger.deliveries.get(delivery.id)?.holderId !== holderId)
          continue;
        counts.set(delivery.id, (counts.get(delivery.id) ?? 0) + 1);
      }
    }),
  );
  return counts;
}

const LABELS: Record<number, string> = {
  [DeliveryStatus.UNSPECIFIED]: 'sent',
  [DeliveryStatus.ARRIVED]: '01 arrived',
  [DeliveryStatus.REFUSED]: '02 refused',
  [DeliveryStatus.ACCEPTED]: '03 accepted',
  [DeliveryStatus.ASSIGNED]: '04 assigned',
  [DeliveryStatus.IN_PROGRESS]: '05 in progress',
  [DeliveryStatus.DONE]: '06 done',
  [DeliveryStatus.RECALL_REQUESTED]: '13 recall requested',
  [DeliveryStatus.RECALL_AGREED]: '15 recall agreed',
  [DeliveryStatus.RECALL_REFUSED]: '16 recall refused',
};

function labelOf(state: DeliveryState, status: DeliveryStatus): string {
  const takenBack = state === DeliveryState.RECALLED || state === DeliveryState.REPLACED;
  return takenBack && status === DeliveryStatus.UNSPECIFIED
    ? 'taken back unopened'
    : (LABELS[status] ?? String(status));
}
