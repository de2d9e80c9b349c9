import { type AgencyClient, connectAgency, LienThongError } from '@lienthong/client';
import type { Cluster } from './cluster.ts';

export interface Callers {
  /** Waits for the rounds under way; resolves to the number of rounds without a reply after all retries. */
  stop(): Promise<number>;
}

/** `count` callers that each repeat a round, and retry every call until it has a reply. */
export function callers(count: number, round: (caller: number, n: number) => Promise<void>): Callers {
  let stopping = false;
  let unanswered = 0;
  const running = Array.from({ length: count }, async (_, caller) => {
    for (let n = 0; !stopping; n += 1) {
      try {
        await round(caller, n);
      } catch (error) {
        // Any other error is a fault of this program.
        if (!(error instanceof LienThongError)) throw error;
        unanswered += 1;
        console.log(`unanswered: ${error.message}`);
      }
    }
  });
  const all = Promise.all(running);
  all.catch(() => {});
  return {
    async stop() {
      stopping = true;
      await all;
      return unanswered;
    },
  };
}

/** A client of one of the processes, as an officer of an agency; the caller closes it. */
export async function clientOf(
  cluster: Cluster,
  agencyId: string,
  process: number,
  officerId = 'chaos',
): Promise<AgencyClient> {
  const token = await cluster.token({ agencyId, officerId, roles: ['system'] });
  const address = cluster.addresses[process % cluster.addresses.length] as string;
  return connectAgency({ address, token: () => token, timeoutMs: 120_000, attemptTimeoutMs: 5_000 });
}
