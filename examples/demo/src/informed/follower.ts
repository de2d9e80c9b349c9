import { setTimeout as sleep } from 'node:timers/promises';
import type { AgencyClient, FollowedEvent } from '@lienthong/client';
import type { Told } from './compare.ts';

export interface Follower {
  /** What was kept, in its order. */
  events: readonly Told[];
  /** Where it began. */
  beginning: string;
  /** How often the line broke and was taken up again at the cursor that was kept. */
  resumed(): number;
  /** Rejects when following ended with an error. */
  stop(): Promise<void>;
}

export interface FollowerOptions {
  /** A new connection of the agency's system. */
  connect(): AgencyClient;
  /** The moment of the story, in milliseconds. */
  now(): number;
  /** Called with each event as it comes. */
  onEvent(event: FollowedEvent): void;
}

/** The line breaks when so many events have been kept, while the next one is being worked on. */
export const BREAKS: ReadonlySet<number> = new Set([12, 80]);
/** The story's day or more passes before the system is back. */
const AWAY_MS = 24 * 3_600_000;
const LOOK_MS = 20;

/** An agency's own system: it keeps each event with its cursor, and goes on from there whatever happens to its line. */
export async function startFollowing({ connect, now, onEvent }: FollowerOptions): Promise<Follower> {
  const events: Told[] = [];
  const stopping = new AbortController();
  const { signal } = stopping;
  const begun = Promise.withResolvers<string>();
  const broken = new Set<number>();
  let cursor = '';
  let lines = 0;

  async function followOnce(): Promise<void> {
    const client = connect();
    const onHeartbeat = (at: string) => {
      cursor = at;
      begun.resolve(at);
    };
    lines += 1;
    try {
      for await (const event of client.follow({ cursor, signal, onHeartbeat })) {
        if (BREAKS.has(events.length) && !broken.has(events.length)) {
          broken.add(events.length);
          return;
        }
        const { id, type, subject, sequence } = event;
        events.push({ id, type, subject, sequence: Number(sequence) });
        cursor = event.cursor;
        onEvent(event);
      }
    } finally {
      client.close();
    }
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      await followOnce();
      for (const until = now() + AWAY_MS; now() < until && !signal.aborted; ) await sleep(LOOK_MS);
    }
  }

  const running = run().catch((error) => {
    begun.reject(error);
    if (!signal.aborted) throw error;
  });
  running.catch(() => {});
  return {
    events,
    beginning: await begun.promise,
    resumed: () => lines - 1,
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
