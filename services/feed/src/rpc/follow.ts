import type { FollowRequest, FollowResponse } from '@lienthong/contracts/feed';
import { type CallInfo, parse, refuse } from '@lienthong/kit';
import { z } from 'zod';
import { encodeCursor } from '../domain/cursor.ts';
import { followEvents } from '../live/follow.ts';
import { tooManyStreams } from '../refusals.ts';
import { readHead } from '../store/head.ts';
import { type Edge, fromFields, readerOf, startAt } from './edge.ts';
import { toFeedEvent } from './feed-event.ts';

const DEFAULT_HEARTBEAT_MS = 15_000;

const schema = z.object({
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
});

export function follow(edge: Edge) {
  const { db, hub, now, clock } = edge;
  const beat = (feedId: string, seq: number): FollowResponse => ({
    message: { $case: 'heartbeat', value: { cursor: encodeCursor(feedId, seq), time: clock.now() } },
  });
  return async function* (request: FollowRequest, info: CallInfo): AsyncGenerator<FollowResponse> {
    const idsNow = readerOf(edge, info);
    const { types, heartbeat, ...from } = parse(schema, request);
    if (hub.size >= edge.maxStreams) refuse(tooManyStreams);
    const wanted = types && new Set<string>(types);
    // Streams opened together do not end together.
    const follower = hub.enter(idsNow, wanted, now() + edge.streamMs * (0.9 + Math.random() * 0.1));
    try {
      const head = await readHead(db);
      const after = startAt(from, head);
      const said = followEvents({
        db,
        hub,
        follower,
        after,
        types,
        heartbeatMs: heartbeat,
        signal: info.signal,
        now,
      });
      // Where it begins: who breaks off before the first event goes on from here.
      yield beat(head.id, after);
      for await (const one of said)
        yield 'event' in one
          ? { message: { $case: 'event', value: toFeedEvent(head.id, one.event) } }
          : beat(head.id, one.heartbeat);
    } finally {
      follower.leave();
    }
  };
}
