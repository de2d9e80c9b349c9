import { setTimeout as sleep } from 'node:timers/promises';
import type { AgencyClient } from '@lienthong/client';

/** A call that needed more than one attempt: when its first one began, and when its reply came. */
export interface Interruption {
  name: string;
  fromMs: number;
  toMs: number;
}

export interface Load {
  interruptions: readonly Interruption[];
  /** How many calls have a reply. */
  replies(): number;
  /** Waits for the replies of the calls under way. @throws an error of a call that no retry mends */
  stop(): Promise<void>;
}

export interface Loop {
  name: string;
  /** Its client retries until there is a reply; `onAttempt` must be called before every attempt. */
  connect(onAttempt: () => void): AgencyClient;
  call(client: AgencyClient): Promise<unknown>;
  pauseMs: number;
}

/** Repeats each loop's call, one at a time. */
export function runLoad(loops: readonly Loop[]): Load {
  const interruptions: Interruption[] = [];
  let stopping = false;
  let replies = 0;
  const running = Promise.all(
    loops.map(async ({ name, connect, call, pauseMs }) => {
      let attempts: number[] = [];
      const client = connect(() => attempts.push(Date.now()));
      while (!stopping) {
        attempts = [];
        await call(client);
        replies += 1;
        const [fromMs] = attempts;
        if (fromMs !== undefined && attempts.length > 1)
          interruptions.push({ name, fromMs, toMs: Date.now() });
        await sleep(pauseMs);
      }
    }),
  );
  // It is thrown by `stop`.
  running.catch(() => {});
  return {
    interruptions,
    replies: () => replies,
    async stop() {
      stopping = true;
      await running;
    },
  };
}
