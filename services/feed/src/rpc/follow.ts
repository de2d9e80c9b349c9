import type { FollowResponse } from '@lienthong/contracts/feed';
import { refuse } from '@lienthong/kit';
import { z } from 'zod';
import { encodeCursor } from '../domain/cursor.ts';
import { followEvents } from '../live/follow.ts';
import { tooManyStreams } from '../refusals.ts';
import { readHead } from '../store/head.ts';
import { download, Feed, fromFields, READS_FEED, readersOf, startAt } from './deps.ts';
import { toFeedEvent } from './feed-event.ts';

const DEFAULT_HEARTBEAT_MS = 15_000;

/** Refuses: AGENCY_REQUIRED, TOO_MANY_STREAMS, CURSOR_INVALID, CURSOR_TOO_OLD; ends with FEED_STOPPING or STREAM_RENEWAL. */
export const follow = download(Feed.follow, {
  policy: READS_FEED,
  endless: true,
  reads: 'buffered',
  request: z.object({
    ...fromFields,
    heartbeat: z
      .object({ seconds: z.bigint(), nanos: z.number() })
      .optional()
      .transform((given) => (given ? Number(given.seconds) * 1000 + given.nanos / 1e6 : DEFAULT_HEARTBEAT_MS))
      .superRefine((ms, context) => {
        if (ms < 1000 || ms > 60_000)
          context.addIssue({
            code: 'custom',
            message: 'must be 1 to 60 seconds',
            params: { reason: 'HEARTBEAT_INVALID' },
          });
      }),
  }),
  async *handle({ types, heartbeat, ...from }, context, deps): AsyncGenerator<FollowResponse> {
    const { db, hub, now, clock, maxStreams, streamMs } = deps;
    const readers = readersOf(deps, context);
    if (hub.size >= maxStreams) refuse(tooManyStreams);
    const toHeartbeat = (feedId: string, seq: number): FollowResponse => ({
      message: { $case: 'heartbeat', value: { cursor: encodeCursor(feedId, seq), time: clock.now() } },
    });
    // Streams that were opened together do not end together.
    const until = now() + streamMs * (0.9 + Math.random() * 0.1);
    const follower = hub.enter(readers, types && new Set<string>(types), until);
    try {
      const head = await readHead(db);
      const after = startAt(from, head);
      const items = followEvents({
        db,
        hub,
        follower,
        after,
        types,
        heartbeatMs: heartbeat,
        signal: context.signal,
        now,
      });
      // The place where the stream begins: a client that loses the stream before the first event continues from here.
      yield toHeartbeat(head.id, after);
      for await (const item of items)
        yield 'event' in item
          ? { message: { $case: 'event', value: toFeedEvent(head.id, item.event) } }
          : toHeartbeat(head.id, item.heartbeat);
    } finally {
      follower.leave();
    }
  },
});
