import { afterEach, beforeEach, expect, test } from 'vitest';
import { openReceiver, type Receiver } from './support/receiver.ts';
import { type HookWorld, openHookWorld, subjects, until } from './support/webhooks.ts';

let world: HookWorld;
let receiver: Receiver;
beforeEach(async () => {
  world = await openHookWorld();
  receiver = await openReceiver();
});
afterEach(async () => {
  await world.stop();
  await receiver.close();
});

const insert = (webhookId: string, count: number, daysAgo: number) =>
  world.db.query({
    text: `insert into webhook_attempt (webhook_id, event_id, type, subject, number, at, duration_ms, status, answer,
                                        delivered)
           select $1, gen_random_uuid(), 'lienthong.routing.v1.DeliverySent', 'delivery/x', 1,
                  now() - make_interval(days => $3), 5, 200, '', true
             from generate_series(1, $2)`,
    values: [webhookId, count, daysAgo],
  });
const count = async () => {
  const [row] = await world.db.query<{ n: number }>({
    text: 'select count(*)::int as n from webhook_attempt',
  });
  return row?.n;
};

test('attempts are kept for 30 days, or for the days of the setting, even when they are many', async () => {
  const { id } = await world.create(receiver.url, { types: ['lienthong.routing.v1.DeliveryStatusReported'] });
  await insert(id, 12_000, 31);
  await insert(id, 7, 29);
  await world.publishTo(subjects(1));
  await until(() => expect(receiver.taken).toHaveLength(1));
  await until(async () => expect(await count()).toBe(12_008));
  await world.restart();
  await until(async () => expect(await count()).toBe(8));
  await world.restart({ WEBHOOK_KEEP_ATTEMPTS_DAYS: '28' });
  await until(async () => expect(await count()).toBe(1));
});
