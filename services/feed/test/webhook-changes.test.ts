import { randomUUID } from 'node:crypto';
import { WebhookState } from '@lienthong/contracts/feed';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openReceiver, orders, type Received, type Receiver } from './support/receiver.ts';
import { type HookWorld, openHookWorld, rounds, sequence, subjects, until } from './support/webhooks.ts';
import { commune, happened, issuer } from './support/world.ts';

const STATUS = 'lienthong.routing.v1.DeliveryStatusReported';
const ANSWERED = 'lienthong.routing.v1.DirectiveAnswered';

let world: HookWorld;
let receivers: Receiver[];
beforeEach(async () => {
  receivers = [];
  world = await openHookWorld();
});
afterEach(async () => {
  await world.stop();
  for (const one of receivers) await one.close();
});
async function opened(script?: Receiver['script']): Promise<Receiver> {
  const receiver = await openReceiver();
  receivers.push(receiver);
  if (script) receiver.script = script;
  return receiver;
}
const update = (webhookId: string, url: string, more: object = {}) =>
  world.hooks.updateWebhook({ requestId: randomUUID(), webhookId, url, types: [STATUS], ...more });
const stateOf = async (webhookId: string) => (await world.hooks.getWebhook({ webhookId })).webhook;

describe('another address', () => {
  test('gets what waited at once, in order, even if the old one failed', async () => {
    const old = await opened((_, answer) => {
      answer.writeHead(503, { 'retry-after': '3600' }).end();
      return undefined;
    });
    const fresh = await opened();
    const { id } = await world.create(old.url, { types: [STATUS] });
    const ids = subjects(3);
    await world.publishTo(rounds(ids, 2));
    await until(async () => expect((await stateOf(id))?.lastError).toBe('HTTP 503'));
    const change = { description: 'Một cửa xã mới'.normalize('NFD') };
    const { webhook } = await update(id, fresh.url, change);
    expect(webhook).toMatchObject({
      url: fresh.url,
      description: 'Một cửa xã mới'.normalize('NFC'),
      types: [STATUS],
      state: WebhookState.ACTIVE,
      lastError: '',
    });
    await until(() => expect(fresh.taken).toHaveLength(6));
    for (const one of ids) expect(orders(fresh.taken).get(`delivery/${one}`)).toEqual([1, 2]);
    const [event] = await world.db.query<{ payload: Buffer }>({
      text: `select payload from event where aggregate_id = $1 and type = 'lienthong.feed.v1.WebhookUpdated'`,
      values: [id],
    });
    expect(event?.payload.toString()).toContain(new URL(fresh.url).origin);
    expect(event?.payload.toString()).not.toContain('/hook');
  });

  test('is not counted as failing for what the old one answers meanwhile', async () => {
    const held = Promise.withResolvers<number>();
    const old = await opened(() => held.promise);
    const fresh = await opened();
    const { id } = await world.create(old.url, { types: [STATUS] });
    const [one] = subjects(1) as [string];
    await world.publishTo([one, one]);
    await until(() => expect(old.all).toHaveLength(1));
    await update(id, fresh.url);
    held.resolve(410);
    await until(() => expect(orders(fresh.taken).get(`delivery/${one}`)).toEqual([1, 2]));
    expect(await stateOf(id)).toMatchObject({ state: WebhookState.ACTIVE, lastError: '' });
  });

  test('of a suspended webhook gets nothing until it is resumed, then everything from where it stopped', async () => {
    const old = await opened(() => 410);
    const fresh = await opened();
    const { id } = await world.create(old.url, { types: [STATUS] });
    const ids = subjects(3);
    await world.publishTo(rounds(ids, 2));
    await until(async () => expect((await stateOf(id))?.state).toBe(WebhookState.SUSPENDED));
    expect((await update(id, fresh.url)).webhook?.state).toBe(WebhookState.SUSPENDED);
    await world.publishTo(ids);
    await until(async () => expect(await world.pending(id)).toBe(9));
    expect(fresh.all).toEqual([]);
    await world.hooks.resumeWebhook({ requestId: randomUUID(), webhookId: id });
    await until(() => expect(fresh.taken).toHaveLength(9));
    for (const one of ids) expect(orders(fresh.taken).get(`delivery/${one}`)).toEqual(sequence(3));
  });
});

test('new types apply to events that follow; what waits already is still sent', async () => {
  const receiver = await opened();
  const { id } = await world.create(receiver.url, { types: [STATUS] });
  await world.hooks.pauseWebhook({ requestId: randomUUID(), webhookId: id });
  await world.publishTo(subjects(2));
  await until(async () => expect(await world.pending(id)).toBe(2));
  await update(id, receiver.url, { types: [ANSWERED] });
  await world.publishTo(subjects(2));
  await world.publish(happened(ANSWERED, { senderId: issuer, holderId: commune, reportId: 'r' }));
  await until(async () => expect(await world.pending(id)).toBe(3));
  await world.hooks.resumeWebhook({ requestId: randomUUID(), webhookId: id });
  await until(() =>
    expect(receiver.taken.map(({ type }) => type).sort()).toEqual([STATUS, STATUS, ANSWERED]),
  );
});

describe('signatures', () => {
  const verifies = (secret: string, { body, headers }: Received): boolean => {
    try {
      new Webhook(secret).verify(body, headers as Record<string, string>);
      return true;
    } catch {
      return false;
    }
  };

  test('a second rotation within 24 hours: the new secret and the previous one sign, the first no longer', async () => {
    const receiver = await opened();
    const { id, secret: first } = await world.create(receiver.url, { types: [STATUS] });
    const rotate = async () =>
      (await world.hooks.rotateWebhookSecret({ requestId: randomUUID(), webhookId: id })).secret;
    const second = await rotate();
    const third = await rotate();
    await world.publishTo(subjects(1));
    await until(() => expect(receiver.taken).toHaveLength(1));
    const [event] = receiver.taken as [Received];
    expect([first, second, third].map((secret) => verifies(secret, event))).toEqual([false, true, true]);
    expect(String(event.headers['webhook-signature']).split(' ')).toHaveLength(2);
  });

  test('are over the exact bytes, and Vietnamese arrives in the form it was written in', async () => {
    const receiver = await opened();
    const { secret } = await world.create(receiver.url, { types: [STATUS] });
    const text = 'Đã chuyển hồ sơ đến xã Bình Phước 🇻🇳';
    const forms = [text.normalize('NFC'), text.normalize('NFD')];
    expect(forms[0]).not.toBe(forms[1]);
    await world.publish(
      ...forms.map((reason) => happened(STATUS, { senderId: issuer, holderId: commune, status: 1, reason })),
    );
    await until(() => expect(receiver.taken).toHaveLength(2));
    expect(new Set(receiver.taken.map(({ data }) => data.reason))).toEqual(new Set(forms));
    for (const event of receiver.taken) {
      expect(verifies(secret, event)).toBe(true);
      // The other form is other bytes.
      const form = event.body === event.body.normalize('NFC') ? 'NFD' : 'NFC';
      expect(verifies(secret, { ...event, body: event.body.normalize(form) })).toBe(false);
    }
  });
});
