import { setTimeout as sleep } from 'node:timers/promises';
import { type AgencyClient, connectAgency, LienThongError, Status } from '@lienthong/client';
import type { Cluster } from './cluster.ts';

/** What rounds ended without, besides their own results. */
export interface Rounds {
  /** Rounds that ended without a reply after all retries, or had none at the bound. */
  unanswered: number;
  /** What the callers still waited for at the bound. */
  waiting: string[];
}

export interface Callers {
  /**
   * Waits for the rounds under way, at most `boundMs`.
   * @throws an error that is not a call's: it is a fault of this program
   */
  stop(boundMs?: number): Promise<Rounds>;
}

/** After a refusal, which comes at once. */
const PAUSE_MS = 200;
/** Longer than a call with its retries takes once the platform is back. */
const STOP_MS = 60_000;

/**
 * `count` callers that each repeat a round, and retry every call until it has a reply.
 * @param round gets `doing`, which names what it waits for from then on; what it waited for before has come
 * @param onReply called when a caller goes on after a reply
 */
export function callers(
  count: number,
  round: (caller: number, n: number, doing: (what: string) => void) => Promise<void>,
  onReply: () => void = () => {},
): Callers {
  let stopping = false;
  let unanswered = 0;
  let fault: unknown;
  const causes = new Map<string, number>();
  const waiting = new Map<number, string>();
  const running = Array.from({ length: count }, async (_, caller) => {
    for (let n = 0; !stopping; n += 1) {
      try {
        await round(caller, n, (what) => {
          if (waiting.has(caller)) onReply();
          waiting.set(caller, what);
        });
        onReply();
      } catch (error) {
        if (error instanceof LienThongError) {
          unanswered += 1;
          const { path, code, reason } = error;
          const cause = `${path} ${reason || Status[code]}`;
          causes.set(cause, (causes.get(cause) ?? 0) + 1);
          await sleep(PAUSE_MS);
        } else {
          fault ??= error;
          stopping = true;
        }
      }
      waiting.delete(caller);
    }
  });
  return {
    async stop(boundMs = STOP_MS) {
      stopping = true;
      await Promise.race([Promise.all(running), sleep(boundMs, undefined, { ref: false })]);
      if (fault !== undefined) throw fault;
      for (const [cause, times] of causes) console.log(`unanswered: ${times} × ${cause}`);
      const open = [...waiting].map(([caller, what]) => `caller ${caller} waits for ${what}`);
      return { unanswered: unanswered + open.length, waiting: open };
    },
  };
}

/**
 * The reply to one request that went through several processes at once, as a caller sends it again who cannot wait.
 * @param idOf what the request made
 * @param differ called when two replies name different things
 * @throws when none of them has a reply
 */
export async function oneReply<R>(
  calls: readonly Promise<R>[],
  idOf: (reply: R) => string,
  differ: (ids: readonly string[]) => void,
): Promise<R> {
  const results = await Promise.allSettled(calls);
  const replies = results.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const ids = new Set(replies.map(idOf));
  if (ids.size > 1) differ([...ids]);
  const [first] = replies;
  if (first === undefined) throw (results[0] as PromiseRejectedResult).reason;
  return first;
}

/** A client of one of the processes, as an officer of an agency; the caller closes it. */
export async function clientOf(
  cluster: Pick<Cluster, 'token' | 'addresses'>,
  agencyId: string,
  process: number,
  officerId = 'chaos',
): Promise<AgencyClient> {
  const token = await cluster.token({ agencyId, officerId, roles: ['system'] });
  const address = cluster.addresses[process % cluster.addresses.length] as string;
  return connectAgency({ address, token: () => token, timeoutMs: 120_000, attemptTimeoutMs: 5_000 });
}
