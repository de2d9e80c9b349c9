import type { Agency } from '../agencies.ts';
import type { Target } from '../target.ts';
import { letter } from './documents.ts';

const CALLERS = 4;

export interface FanOut {
  /** Deliveries per second that stand in their recipients' inboxes. */
  committed: number;
  /** The same until the last event is published and every consumer, the audit among them, has applied it. */
  settled: number;
}

/** Issues documents to 1,000 recipients each. */
export async function fanOut(
  target: Target,
  agencies: readonly Agency[],
  documents: number,
): Promise<FanOut> {
  const recipients = agencies.slice(0, 1_000);
  const issuers = agencies.slice(-CALLERS);
  const clients = await Promise.all(issuers.map(({ id }) => target.as(id)));
  await clients[0]?.issueDocument(letter(recipients));
  await target.quiet();
  const start = performance.now();
  let left = documents;
  await Promise.all(
    clients.map(async (client) => {
      while (left-- > 0) await client.issueDocument(letter(recipients));
    }),
  );
  const committed = performance.now() - start;
  await target.quiet();
  const settled = performance.now() - start;
  const deliveries = documents * recipients.length;
  return { committed: (deliveries / committed) * 1_000, settled: (deliveries / settled) * 1_000 };
}
