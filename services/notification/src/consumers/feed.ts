import type { ConsumerOptions, ReceivedEvent } from '@lienthong/eventlog';
import { toSuspensionIntent } from '../domain/rules/feed.ts';
import type { Planner } from '../plan-messages.ts';

/** Notifies agencies of suspended webhooks. Only recent events cause messages. */
export const feedConsumer = (
  planner: Planner,
  isRecent: (event: ReceivedEvent) => boolean,
): ConsumerOptions<'lienthong.feed.v1.WebhookSuspended'> => ({
  name: 'webhooks',
  source: 'feed',
  lingerMs: 50,
  types: ['lienthong.feed.v1.WebhookSuspended'],
  async handle(tx, events) {
    const recent = events.filter(isRecent);
    if (recent.length === 0) return;
    await planner.refresh(tx);
    const world = planner.world();
    await planner.plan(
      tx,
      recent.map((event) => toSuspensionIntent(event, world)),
    );
  },
});
