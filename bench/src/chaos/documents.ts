import { randomUUID } from 'node:crypto';
import { DeliveryStatus } from '@lienthong/contracts/routing';
import type pg from 'pg';
import type { Agency } from '../agencies.ts';
import { letter } from '../scenarios/documents.ts';
import { callers, clientOf, oneReply, type Rounds } from './callers.ts';
import type { Cluster } from './cluster.ts';
import type { Note } from './verdict.ts';

/** What the platform acknowledged. */
export interface Documents extends Rounds {
  /** Delivery id and newest acknowledged status, by document id. */
  acknowledged: Map<string, { deliveryId: string; status: DeliveryStatus }>;
  /** The document that a request made; undefined: no reply came. */
  requested: Map<string, string | undefined>;
  reports: number;
  /** Different replies to one request. */
  contradictions: string[];
}

/** Every so many requests go through both processes at once. */
const TWINS = 3;

/** Agencies that repeatedly issue a letter, receive and accept it. */
export function documentTraffic(
  cluster: Pick<Cluster, 'token' | 'addresses'>,
  agencies: readonly Agency[],
  count: number,
  onReply?: () => void,
): { stop(boundMs?: number): Promise<Documents> } {
  const acknowledged: Documents['acknowledged'] = new Map();
  const requested: Documents['requested'] = new Map();
  const contradictions: string[] = [];
  let reports = 0;
  const running = callers(
    count,
    async (caller, n, doing) => {
      const recipient = agencies[(caller * 7 + n) % agencies.length] as Agency;
      const twins = n % TWINS === 0 ? [caller, caller + 1] : [caller];
      const { id } = agencies[caller] as Agency;
      const senders = await Promise.all(twins.map((process) => clientOf(cluster, id, process)));
      const receiver = await clientOf(cluster, recipient.id, caller + n);
      try {
        const requestId = randomUUID();
        const request = { ...letter([recipient]), requestId, subject: subjectOf(requestId) };
        requested.set(requestId, undefined);
        doing(`IssueDocument ${requestId}`);
        const { document, deliveries } = await oneReply(
          senders.map(({ routing }) => routing.issueDocument(request)),
          ({ document }) => document?.id as string,
          (ids) => contradictions.push(`request ${requestId} made the documents ${ids.join(' and ')}`),
        );
        const deliveryId = deliveries[0]?.deliveryId as string;
        const entry = { deliveryId, status: DeliveryStatus.UNSPECIFIED as DeliveryStatus };
        requested.set(requestId, document?.id);
        acknowledged.set(document?.id as string, entry);
        for (const status of [DeliveryStatus.ARRIVED, DeliveryStatus.ACCEPTED]) {
          doing(`ReportStatus ${status} of ${deliveryId}`);
          await receiver.routing.reportStatus({ deliveryId, status });
          entry.status = status;
          reports += 1;
        }
      } finally {
        for (const one of [...senders, receiver]) one.close();
      }
    },
    onReply,
  );
  return {
    async stop(boundMs) {
      return { ...(await running.stop(boundMs)), acknowledged, requested, reports, contradictions };
    },
  };
}

/** By it the request's document is found, whatever the platform knows of the request. */
const subjectOf = (requestId: string): string => `V/v kiểm tra ${requestId}`;

export async function compareDocuments(
  database: pg.Client,
  { acknowledged, requested, contradictions, waiting }: Documents,
  note: Note,
): Promise<void> {
  for (const line of waiting) note('stuck', line);
  for (const line of contradictions) note('doubled', line);
  await compareRequests(database, requested, note);
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

/** An acknowledged request made exactly its document, another one at most one, and nothing else made any. */
async function compareRequests(
  database: pg.Client,
  requested: Documents['requested'],
  note: Note,
): Promise<void> {
  const { rows } = await database.query<{ id: string; subject: string }>(
    'select id, subject from document_routing.document',
  );
  const made = Map.groupBy(rows, ({ subject }) => subject);
  for (const [requestId, id] of requested) {
    const subject = subjectOf(requestId);
    const ids = (made.get(subject) ?? []).map((row) => row.id);
    made.delete(subject);
    if (ids.length > 1) note('doubled', `request ${requestId} made the documents ${ids.join(', ')}`);
    if (id !== undefined && !ids.includes(id)) note('lost', `document ${id} of request ${requestId}`);
  }
  for (const subject of made.keys()) note('doubled', `no request made the document “${subject}”`);
}
