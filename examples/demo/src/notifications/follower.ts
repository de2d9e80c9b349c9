import { setTimeout as sleep } from 'node:timers/promises';
import type { AgencyClient, FollowedEvent } from '@lienthong/client';
import type { ReceivedEvent } from './compare.ts';

export interface Follower {
  /** The stored events, in order. */
  events: readonly ReceivedEvent[];
  /** The cursor at which it began. */
  beginning: string;
  /** How often the connection broke and following continued at the stored cursor. */
  resumed(): number;
  /** Rejects when following ended with an error. */
  stop(): Promise<void>;
}

export interface FollowerOptions {
  /** A new connection of the agency's system. */
  connect(): AgencyClient;
  /** The moment of the story, in milliseconds. */
  now(): number;
  /** Called with each event on arrival. */
  onEvent(event: FollowedEvent): void;
}

/** The connection breaks after these numbers of stored events, while the next event is processed. */
export const BREAKS: ReadonlySet<number> = new Set([12, 80]);
/** At least a day of the story passes before the system returns. */
const AWAY_MS = 24 * 3_600_000;
const LOOK_MS = 20;

/** An agency's own system: it stores each event with its cursor and continues there after a lost connection. */
export async function startFollowing({ connect, now, onEvent }: FollowerOptions): Promise<Follower> {
  const events: ReceivedEvent[] = [];
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
