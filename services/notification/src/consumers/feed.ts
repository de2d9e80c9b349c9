import type { ConsumerOptions, ReceivedEvent } from '@lienthong/eventlog';
import { webhookSuspended } from '../domain/rules/feed.ts';
import type { Planner } from './planner.ts';

/** Tells agencies that their webhooks were suspended. `isNews` keeps old stories untold. */
export const feedConsumer = (
  planner: Planner,
  isNews: (event: ReceivedEvent) => boolean,
): ConsumerOptions<'lienthong.feed.v1.WebhookSuspended'> => ({
  name: 'webhooks',
  source: 'feed',
  types: ['lienthong.feed.v1.WebhookSuspended'],
  async handle(tx, events) {
    const world = await planner.world(tx, new Map());
    await planner.plan(
      tx,
      events.filter(isNews).map((event) => webhookSuspended(event, world)),
    );
  },
});
