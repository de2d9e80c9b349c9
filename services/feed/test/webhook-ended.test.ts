import { randomUUID } from 'node:crypto';
import { WebhookState } from '@lienthong/contracts/feed';
import { agency, ended, officer } from '@lienthong/reference-data/testing';
import { manualClock, refusalOf } from '@lienthong/testkit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type HookWorld, leaderOf, openHookWorld, type WebhookClient } from './support/webhooks.ts';

const clock = manualClock('2025-06-30T10:00:00Z');
const successor = agency({ code: 'H61.1', name: 'Phường Long Châu' });
const old = agency({ code: 'H61.2', name: 'Phường 1' });
const left = officer({ agencyId: successor.id, fullName: 'Đỗ Văn Đi', roles: ['leader'] });

let world: HookWorld;
let hooks: WebhookClient;
let webhookId: string;
const url = 'http://127.0.0.1:9/';
beforeAll(async () => {
  world = await openHookWorld({}, clock);
  hooks = await world.hooksOf(leaderOf(old.id));
  webhookId = (await hooks.createWebhook({ requestId: randomUUID(), url })).webhook?.id ?? '';
  await world.announce(successor, old);
  await world.announce(ended(old, '2025-07-01', successor.id));
  await world.appoint(left);
  await world.relieve(left, '2025-06-30');
});
afterAll(() => world.stop());

const changes: [string, (client: WebhookClient) => Promise<unknown>][] = [
  ['CreateWebhook', (client) => client.createWebhook({ requestId: randomUUID(), url })],
  ['UpdateWebhook', (client) => client.updateWebhook({ requestId: randomUUID(), webhookId, url })],
  ['RotateWebhookSecret', (client) => client.rotateWebhookSecret({ requestId: randomUUID(), webhookId })],
  ['PauseWebhook', (client) => client.pauseWebhook({ requestId: randomUUID(), webhookId })],
  ['ResumeWebhook', (client) => client.resumeWebhook({ requestId: randomUUID(), webhookId })],
  [
    'ResendEvent',
    (client) => client.resendEvent({ requestId: randomUUID(), webhookId, eventId: randomUUID() }),
  ],
  ['ResendSince', (client) => client.resendSince({ requestId: randomUUID(), webhookId, since: clock.now() })],
  ['DeleteWebhook', (client) => client.deleteWebhook({ requestId: randomUUID(), webhookId })],
];

test.each(changes)('%s by an officer who is relieved is refused', async (_, change) => {
  const client = await world.hooksOf({ ...leaderOf(successor.id), officerId: left.id });
  await expect(change(client)).rejects.toThrow('the directory has no position of yours at this agency');
});

test('the webhooks of an agency are suspended on the day it ends, and say why', async () => {
  expect((await hooks.getWebhook({ webhookId })).webhook?.state).toBe(WebhookState.ACTIVE);
  clock.set('2025-06-30T17:00:00Z');
  const lastError =
    'Phường 1 kết thúc hoạt động từ ngày 01/7/2025; Phường Long Châu kế thừa và đăng ký webhook của mình';
  await vi.waitFor(async () => {
    const { webhook } = await hooks.getWebhook({ webhookId });
    expect(webhook).toMatchObject({ state: WebhookState.SUSPENDED, lastError });
  }, 20_000);
  const events = await world.db.query<{ agency_id: string; actor_officer_id: string }>({
    text: `select agency_id, actor_officer_id from event
            where aggregate_id = $1 and type = 'lienthong.feed.v1.WebhookSuspended'`,
    values: [webhookId],
  });
  expect(events).toEqual([{ agency_id: old.id, actor_officer_id: '' }]);
});

test.each(changes)(
  '%s by an agency that has ended is refused, and names the successor',
  async (_, change) => {
    clock.set('2025-06-30T17:00:00Z');
    await expect(change(hooks)).rejects.toThrow('Phường Long Châu acts in its place');
    expect((await hooks.listWebhooks({})).webhooks).toHaveLength(1);
  },
);

test('an operator cannot resume them either', async () => {
  clock.set('2025-06-30T17:00:00Z');
  const { webhookOperations } = world.admin;
  await vi.waitFor(
    async () =>
      expect(await refusalOf(webhookOperations.resumeSuspendedWebhook({ webhookId }))).toMatchObject({
        code: 'FAILED_PRECONDITION',
        reason: 'WEBHOOK_AGENCY_ENDED',
      }),
    20_000,
  );
});
