import type { AgencyClient } from '@lienthong/client';
import type { DeepPartial, DeliveryStatus, IssueDocumentRequest } from '@lienthong/contracts/routing';
import type { Platform } from '@lienthong/standalone';
import type { Party } from './agencies.ts';
import type { StoryClock } from './clock.ts';
import { emptyLedger, type Ledger, noteDelivery, noteIssued } from './ledger.ts';

/** What the acts of the story share: the platform, its clock, the agencies' clients and the ledger. */
export interface Stage {
  platform: Platform;
  clock: StoryClock;
  ledger: Ledger;
  print(line: string): void;
  /** The client of the software by which an agency sends and receives documents, with its own connection. */
  of(agencyId: string): AgencyClient;
  close(): void;
}

export function openStage(platform: Platform, clock: StoryClock, print: (line: string) => void): Stage {
  const clients = new Map<string, AgencyClient>();
  return {
    platform,
    clock,
    ledger: emptyLedger(),
    print,
    of(agencyId) {
      let client = clients.get(agencyId);
      if (client === undefined) {
        client = platform.connect({ agencyId, officerId: 'phan-mem-van-ban', roles: ['system'] });
        clients.set(agencyId, client);
      }
      return client;
    },
    close() {
      for (const client of clients.values()) client.close();
    },
  };
}

/** Issues a document and notes what the platform acknowledged. Returns its id. */
export async function issue(
  stage: Stage,
  issuerId: string,
  title: string,
  request: DeepPartial<IssueDocumentRequest>,
): Promise<string> {
  const { document, deliveries } = await stage
    .of(issuerId)
    .routing.issueDocument({ ...request, subject: title });
  if (!document) throw new Error(`the reply to ${title} has no document`);
  const label = `${document.number}/${document.notation}`;
  noteIssued(stage.ledger, { id: document.id, title, issuerId, label }, deliveries);
  return document.id;
}

export const toCode = (party: Party) => ({
  recipient: { $case: 'code' as const, value: { scheme: '', code: party.code } },
});

/** Reports a status as the holder of a delivery; the ledger keeps the reply. */
export async function reportStatus(
  stage: Stage,
  holderId: string,
  deliveryId: string,
  status: DeliveryStatus,
  more: { reason?: string; assignee?: string } = {},
): Promise<void> {
  const { delivery } = await stage.of(holderId).routing.reportStatus({ deliveryId, status, ...more });
  if (delivery?.status !== status) throw new Error(`delivery ${deliveryId} does not show status ${status}`);
  noteDelivery(stage.ledger, deliveryId, { status, state: delivery.state });
}

/** Finds a document in an agency's inbox, as its clerk would. */
export async function receive(stage: Stage, holderId: string, documentId: string): Promise<string> {
  for await (const { delivery } of stage.of(holderId).inbox({ pageSize: 200 })) {
    if (delivery?.documentId === documentId) return delivery.id;
  }
  throw new Error(`document ${documentId} is not in the inbox of ${holderId}`);
}
