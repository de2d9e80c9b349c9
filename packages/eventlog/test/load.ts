import { isConnectionError } from '@lienthong/kit';
import { vi } from 'vitest';
import type { Fixture } from './fixture.ts';
import type { Grow } from './tally.ts';

export interface Done {
  tally: string;
  reply: number;
  events: number;
}

/** Sends a command until it gets a reply or a refusal, each time with the same request_id, as the client does. */
export async function growUntilSettled(
  any: () => Fixture,
  command: Grow,
  requestId: string = crypto.randomUUID(),
): Promise<number> {
  while (true) {
    try {
      return await any().grow(command, requestId);
    } catch (error) {
      if (!isConnectionError(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

export interface Load {
  /** Resolves when so many more commands have been acknowledged. */
  more(n: number): Promise<void>;
  stop(): Promise<Done[]>;
}

/** Eight callers, each growing any of five tallies repeatedly by way of any of the processes. */
export function load(processes: readonly Fixture[]): Load {
  const tallies = Array.from({ length: 5 }, () => crypto.randomUUID());
  const done: Done[] = [];
  let stopping = false;
  let calls = 0;
  const any = () => processes[calls++ % processes.length] as Fixture;
  const callers = Array.from({ length: 8 }, async (_, caller) => {
    for (let n = caller; !stopping; n += 1) {
      const i = n % tallies.length;
      const tally = tallies[i] as string;
      const events = 1 + (n % 3);
      const reply = await growUntilSettled(any, { tally, events });
      done.push({ tally, events, reply });
      // A tally is full at a thousand: callers change to a new one before that, at any speed of the machine.
      if (reply > 900 && tallies[i] === tally) tallies[i] = crypto.randomUUID();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  });
  return {
    async more(n) {
      const until = done.length + n;
      await vi.waitUntil(() => done.length >= until, { timeout: 30_000, interval: 10 });
    },
    async stop() {
      stopping = true;
      await Promise.all(callers);
      return done;
    },
  };
}
