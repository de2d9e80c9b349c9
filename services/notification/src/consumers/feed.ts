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
  lingerMs: 50,
  types: ['lienthong.feed.v1.WebhookSuspended'],
  async handle(tx, events) {
    const news = events.filter(isNews);
    if (news.length === 0) return;
    await planner.refresh(tx);
    const world = planner.world();
    await planner.plan(
      tx,
      news.map((event) => webhookSuspended(event, world)),
    );
  },
});
