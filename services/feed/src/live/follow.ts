import { type Database, refuse } from '@lienthong/kit';
import { cursorTooOld, renew, stopping } from '../refusals.ts';
import { readPage } from '../store/read-page.ts';
import type { EventRow } from '../store/rows.ts';
import type { Follower, Hub } from './hub.ts';

/** At most this much is held for one stream, however slowly its client reads. */
export const PAGE_EVENTS = 100;
export const PAGE_BYTES = 1024 * 1024;

export type FollowItem = { event: EventRow } | { heartbeat: number };

export interface FollowOptions {
  db: Database;
  hub: Hub;
  follower: Follower;
  /** The stream begins after this event. */
  after: number;
  types: readonly string[] | undefined;
  heartbeatMs: number;
  signal: AbortSignal;
  /** On the monotonic clock. */
  now(): number;
}

/**
 * The events of a follower in order: pages from the database until the hub's ring reaches back to it, then what the
 * hub hands it; back to pages when it falls behind. Reads nothing more before the client has taken what it was given.
 */
export async function* followEvents(options: FollowOptions): AsyncGenerator<FollowItem, void, undefined> {
  const { db, hub, follower, types, heartbeatMs, signal, now } = options;
  let at = options.after;
  let beatAt = now() + heartbeatMs;

  while (!signal.aborted) {
    if (!follower.join(at) || follower.behind) {
      const page = await readPage(db, {
        ids: follower.ids,
        after: at,
        types,
        limit: PAGE_EVENTS,
        maxBytes: PAGE_BYTES,
      });
      if (at < page.forgotten) refuse(cursorTooOld);
      for (const event of page.events) {
        refuseIfEnding(follower);
        yield { event };
        beatAt = now() + heartbeatMs;
      }
      refuseIfEnding(follower);
      at = page.upTo;
      // Pages without an event of these types yield nothing: the heartbeat is still due.
      if (now() >= beatAt) {
        yield { heartbeat: at };
        beatAt = now() + heartbeatMs;
      }
      continue;
    }
    while (!follower.behind && !signal.aborted) {
      const events = follower.take();
      for (const event of events) {
        refuseIfEnding(follower);
        yield { event };
        at = event.seq;
        beatAt = now() + heartbeatMs;
      }
      refuseIfEnding(follower);
      if (events.length > 0) continue;
      // Nothing waits: all that was handed out is sent, or is not for this stream.
      at = Math.max(at, hub.seq);
      if (now() >= beatAt) {
        yield { heartbeat: at };
        beatAt = now() + heartbeatMs;
      } else await follower.wait(beatAt, signal);
    }
  }
}

function refuseIfEnding({ ending }: Follower): void {
  if (ending === 'stopping') refuse(stopping);
  if (ending === 'renew') refuse(renew);
}
