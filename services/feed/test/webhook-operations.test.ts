import { randomUUID } from 'node:crypto';
import type { AgencyClient } from '@lienthong/client';
import { WebhookState } from '@lienthong/contracts/feed';
import { refusalOf } from '@lienthong/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openReceiver, type Receiver } from './support/receiver.ts';
import { type HookWorld, leaderOf, openHookWorld, subjects, until } from './support/webhooks.ts';
import { commune, neighbour } from './support/world.ts';

// What operators see and do of the webhooks of all agencies.

const STATUS = 'lienthong.routing.v1.DeliveryStatusReported';
let world: HookWorld;
let receiver: Receiver;
let operator: AgencyClient['webhookOperations'];
let failing: string;
let others: string[];
let status = 410;

beforeAll(async () => {
  world = await openHookWorld();
  receiver = await openReceiver();
  receiver.script = ({ path }) => (path.endsWith('bi-mat') ? status : 204);
  operator = world.admin.webhookOperations;
  const hooks = await world.hooksOf(leaderOf(neighbour));
  const created = [1, 2].map(async (n) => {
    const { webhook } = await hooks.createWebhook({
      requestId: randomUUID(),
      url: `${receiver.url}?khoa=${n}`,
    });
    return webhook?.id ?? '';
  });
  others = (await Promise.all(created)).sort();
  failing = (await world.create(`${receiver.url}?khoa=bi-mat`)).id;
  await world.publishTo(subjects(1));
  await until(async () => {
    const { webhook } = await world.hooks.getWebhook({ webhookId: failing });
    expect(webhook?.state).toBe(WebhookState.SUSPENDED);
  });
});
afterAll(async () => {
  await world.stop();
  await receiver.close();
});

const ids = async (request: Parameters<typeof operator.listAllWebhooks>[0]) =>
  (await operator.listAllWebhooks(request)).webhooks.map(({ webhook }) => webhook?.id);

test('the webhooks of all agencies are listed page by page, of one agency, or those that fail', async () => {
  const all = [...others, failing].sort();
  expect(await ids({})).toEqual(all);
  expect(await ids({ agencyId: neighbour })).toEqual(others);
  expect(await ids({ failingOnly: true })).toEqual([failing]);
  const first = await operator.listAllWebhooks({ pageSize: 2 });
  expect(first.webhooks.map(({ webhook }) => webhook?.id)).toEqual(all.slice(0, 2));
  expect(await ids({ pageSize: 2, pageToken: first.nextPageToken })).toEqual(all.slice(2));
});

test('an address is shown without what may be a secret in it', async () => {
  const { webhooks } = await operator.listAllWebhooks({ failingOnly: true });
  expect(webhooks).toMatchObject([
    {
      agencyId: commune,
      webhook: { url: new URL(receiver.url).origin, lastError: 'HTTP 410', pending: expect.any(BigInt) },
    },
  ]);
});

test('attempts are read with their answers, of a webhook that there is', async () => {
  const { attempts } = await operator.listWebhookAttempts({ webhookId: failing, failedOnly: true });
  expect(attempts.length).toBeGreaterThan(0);
  for (const attempt of attempts) expect(attempt).toMatchObject({ status: 410, delivered: false });
  expect(await refusalOf(operator.listWebhookAttempts({ webhookId: randomUUID() }))).toMatchObject({
    code: 'NOT_FOUND',
    reason: 'WEBHOOK_UNKNOWN',
  });
});

test('a suspended webhook is resumed and loses nothing; one that its agency has paused stays so', async () => {
  const [paused = ''] = others;
  const hooks = await world.hooksOf(leaderOf(neighbour));
  await hooks.pauseWebhook({ requestId: randomUUID(), webhookId: paused });
  const resume = (webhookId: string) => operator.resumeSuspendedWebhook({ webhookId });
  expect(await refusalOf(resume(paused))).toMatchObject({ reason: 'WEBHOOK_PAUSED' });
  status = 204;
  const { webhook } = await resume(failing);
  expect(webhook).toMatchObject({ agencyId: commune, webhook: { id: failing, state: WebhookState.ACTIVE } });
  const taken = () => receiver.taken.filter(({ type }) => type === STATUS);
  await until(() => expect(taken()).toHaveLength(1));
  expect((await resume(failing)).webhook?.webhook?.state).toBe(WebhookState.ACTIVE);
});

test('nobody else sees them', async () => {
  const { webhookOperations } = world.as(leaderOf(commune));
  expect(await refusalOf(webhookOperations.listAllWebhooks({}))).toMatchObject({ reason: 'ROLE_MISSING' });
});
