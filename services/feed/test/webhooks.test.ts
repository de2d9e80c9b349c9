import { randomUUID } from 'node:crypto';
import { WebhookState } from '@lienthong/contracts/feed';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openReceiver, orders, type Receiver } from './support/receiver.ts';
import {
  type HookWorld,
  leaderOf,
  openHookWorld,
  reasonOf,
  rounds,
  sequence,
  subjects,
  until,
} from './support/webhooks.ts';
import { commune, neighbour } from './support/world.ts';

let world: HookWorld;
const receivers: Receiver[] = [];
beforeAll(async () => {
  world = await openHookWorld();
});
afterEach(async () => {
  for (const { id } of (await world.hooks.listWebhooks({})).webhooks)
    await world.hooks.deleteWebhook({ requestId: randomUUID(), webhookId: id });
  for (const one of receivers.splice(0)) await one.close();
});
afterAll(() => world.stop());

/** A webhook with its receiver, which checks every signature. */
async function hooked(script?: Receiver['script'], { create } = world) {
  let secret: string | undefined;
  const receiver = await openReceiver(() => secret);
  receivers.push(receiver);
  if (script) receiver.script = script;
  const created = await create(receiver.url, {
    types: ['lienthong.routing.v1.DeliveryStatusReported'],
  });
  secret = created.secret;
  return { receiver, ...created };
}
const attemptsOf = async (webhookId: string, more: object = {}) =>
  (await world.hooks.listAttempts({ webhookId, pageSize: 200, ...more })).attempts;

describe('delivery', () => {
  test('every event once, in the order of its subject, one of a subject at a time and several subjects at once', async () => {
    const { receiver, id } = await hooked(async () => {
      await new Promise((done) => setTimeout(done, 15));
      return 204;
    });
    const ids = subjects(12);
    await world.publishTo(rounds(ids, 5));
    await until(() => expect(receiver.taken).toHaveLength(60));
    await until(async () => expect(await world.pending(id)).toBe(0));
    for (const one of ids) expect(orders(receiver.all).get(`delivery/${one}`)).toEqual(sequence(5));
    expect(receiver.most.subject).toBe(1);
    expect(receiver.most.all).toBeGreaterThan(2);
    expect(receiver.most.all).toBeLessThanOrEqual(8);
    expect(receiver.all[0]).toMatchObject({
      type: 'lienthong.routing.v1.DeliveryStatusReported',
      source: '/lienthong/routing',
      specversion: '1.0',
      data: { status: 'DELIVERY_STATUS_ARRIVED', reason: 'Đã đến' },
    });
    expect(receiver.all.every((one) => one.headers['webhook-id'] === one.id)).toBe(true);
  });

  test('while one subject fails its later events wait, and the others go on', async () => {
    const [bad, ...good] = subjects(4) as [string, ...string[]];
    let broken = true;
    const { receiver } = await hooked(({ subject }) => (broken && subject === `delivery/${bad}` ? 500 : 200));
    await world.publishTo(rounds([bad, ...good], 3));
    await until(() => expect(receiver.taken).toHaveLength(9));
    expect(
      receiver.all.filter(({ subject }) => subject === `delivery/${bad}`).every((e) => e.sequence === 1),
    ).toBe(true);
    broken = false;
    await until(() => expect(receiver.taken).toHaveLength(12));
    for (const one of [bad, ...good])
      expect(orders(receiver.taken).get(`delivery/${one}`)).toEqual(sequence(3));
  });

  test('a receiver that was down gets everything, in order, when it is back', async () => {
    const { receiver, id } = await hooked();
    const ids = subjects(40);
    await receiver.close();
    await world.publishTo(rounds(ids, 2));
    await until(async () => {
      const failed = await attemptsOf(id, { failedOnly: true });
      expect(failed.length).toBeGreaterThan(8);
      expect(failed[0]?.answer).toContain('ECONNREFUSED');
    });
    // While it is down, not every one of the 40 subjects is attempted.
    await new Promise((done) => setTimeout(done, 500));
    expect((await attemptsOf(id)).length).toBeLessThan(36);
    await receiver.open();
    await until(() => expect(receiver.taken).toHaveLength(80));
    for (const one of ids) expect(orders(receiver.taken).get(`delivery/${one}`)).toEqual([1, 2]);
  });

  test('a flapping receiver gets everything, again only under the same id', async () => {
    let n = 0;
    const { receiver } = await hooked(() => {
      n += 1;
      return n % 3 === 0 ? 200 : 503;
    });
    const ids = subjects(5);
    await world.publishTo(rounds(ids, 4));
    await until(() => expect(new Set(receiver.taken.map((e) => e.id)).size).toBe(20));
    for (const one of ids) expect(orders(receiver.taken).get(`delivery/${one}`)).toEqual(sequence(4));
  });

  test('a slow receiver does not hold up another webhook', async () => {
    const impatient = await openHookWorld({ WEBHOOK_TIMEOUT_MS: '500' });
    onTestFinished(impatient.stop);
    const [slow, quick] = [
      await hooked(() => new Promise(() => {}), impatient),
      await hooked(undefined, impatient),
    ];
    await impatient.publishTo(subjects(30));
    const ids = () => new Set(quick.receiver.taken.map(({ id }) => id));
    await until(() => expect(ids().size).toBe(30));
    expect(slow.receiver.taken).toHaveLength(0);
    await until(async () => {
      const { attempts } = await impatient.hooks.listAttempts({ webhookId: slow.id });
      expect(attempts[0]).toMatchObject({
        status: 0,
        answer: 'no complete response within 500 ms',
        delivered: false,
      });
    });
  });

  test('429 with Retry-After is obeyed by all subjects', async () => {
    let limitedAt = 0;
    const { receiver } = await hooked((_, answer) => {
      if (limitedAt === 0) {
        limitedAt = performance.now();
        answer.writeHead(429, { 'retry-after': '1' }).end();
        return undefined;
      }
      return 200;
    });
    await world.publishTo(subjects(1));
    await until(() => expect(receiver.all).toHaveLength(1));
    await world.publishTo(subjects(3));
    await until(() => expect(receiver.taken).toHaveLength(4));
    for (const { at } of receiver.taken) expect(at - limitedAt).toBeGreaterThan(900);
  });

  test('a redirect is a failure and is not followed; an endless answer is cut off', async () => {
    const { receiver, id } = await hooked((event, answer) => {
      if (event.sequence === 1 && receiver.all.length === 1) {
        answer.writeHead(302, { location: `${receiver.url}/elsewhere` }).end('đi nơi khác');
        return undefined;
      }
      if (receiver.all.length > 2) return 200;
      answer.writeHead(500);
      const more = setInterval(() => answer.write('không dừng '.repeat(500)), 5);
      answer.on('close', () => clearInterval(more));
      return undefined;
    });
    await world.publishTo(subjects(1));
    await until(() => expect(receiver.taken).toHaveLength(1));
    expect(receiver.all.map((one) => one.path)).toEqual(['/hook', '/hook', '/hook']);
    await until(async () => {
      const attempts = await attemptsOf(id);
      expect(attempts.map((one) => [one.number, one.status, one.delivered])).toEqual([
        [3, 200, true],
        [2, 500, false],
        [1, 302, false],
      ]);
      expect([...(attempts[1]?.answer ?? '')]).toHaveLength(500);
      expect(attempts[2]?.answer).toBe('đi nơi khác');
    });
  });
});

describe('what is given up', () => {
  test('is declared in its place, before the later events of its subject', async () => {
    const [bad] = subjects(1) as [string];
    const { receiver } = await hooked(({ subject, sequence }) =>
      subject === `delivery/${bad}` && sequence === 2 ? 500 : 200,
    );
    await world.publishTo([bad, bad, bad]);
    await until(() => {
      const own = receiver.taken.filter(({ subject }) => subject === `delivery/${bad}`);
      expect(own.map(({ type, sequence }) => [type.split('.').at(-1), sequence])).toEqual([
        ['DeliveryStatusReported', 1],
        ['EventsLost', 0],
        ['DeliveryStatusReported', 3],
      ]);
      expect(own[1]?.data).toMatchObject({ subject: `delivery/${bad}`, count: 1, reason: 'GIVEN_UP' });
    });
  });

  test('events that are not kept any more are declared, one loss per subject', async () => {
    const { receiver, id } = await hooked();
    const ids = subjects(2);
    await world.hooks.pauseWebhook({ requestId: randomUUID(), webhookId: id });
    await world.publishTo(rounds(ids, 3));
    await until(async () => expect(await world.pending(id)).toBe(6));
    await world.db.query({
      text: `with gone as (delete from feed_event returning seq)
             update feed_head set forgotten = (select max(seq) from gone)`,
    });
    await world.publishTo(ids);
    await until(async () => expect(await world.pending(id)).toBe(8));
    await world.hooks.resumeWebhook({ requestId: randomUUID(), webhookId: id });
    await until(() => expect(receiver.taken).toHaveLength(4));
    for (const one of ids) {
      const own = receiver.taken.filter(({ subject }) => subject === `delivery/${one}`);
      expect(own[0]?.data).toMatchObject({ count: 3, reason: 'NOT_KEPT_ANY_MORE' });
      expect(own[1]?.sequence).toBe(4);
    }
  });
});

describe('suspension', () => {
  test('after persistent failure emits an event; a resumed webhook goes on where it stopped', async () => {
    const strict = await openHookWorld({ WEBHOOK_SUSPEND_AFTER_S: '2' });
    onTestFinished(strict.stop);
    let up = false;
    const { receiver, id } = await hooked(() => (up ? 200 : 500), strict);
    const ids = subjects(3);
    await strict.publishTo(rounds(ids, 2));
    const stateOf = async () => (await strict.hooks.getWebhook({ webhookId: id })).webhook?.state;
    await until(async () => expect(await stateOf()).toBe(WebhookState.SUSPENDED));
    const events = await strict.db.query<{ type: string }>({
      text: 'select type from event where aggregate_id = $1 order by version',
      values: [id],
    });
    expect(events.map(({ type }) => type.split('.').at(-1))).toEqual(['WebhookCreated', 'WebhookSuspended']);
    const before = receiver.all.length;
    up = true;
    await strict.publishTo(ids);
    await until(async () => expect(await strict.pending(id)).toBe(9));
    expect(receiver.all.length).toBe(before);
    await strict.hooks.resumeWebhook({ requestId: randomUUID(), webhookId: id });
    await until(() => expect(receiver.taken.length).toBe(9));
    for (const one of ids) expect(orders(receiver.taken).get(`delivery/${one}`)).toEqual(sequence(3));
  });

  test('410 suspends at once', async () => {
    const { receiver, id } = await hooked(() => 410);
    await world.publishTo(subjects(1));
    await until(async () => {
      const { webhook } = await world.hooks.getWebhook({ webhookId: id });
      expect(webhook).toMatchObject({ state: WebhookState.SUSPENDED, lastError: 'HTTP 410', pending: 1n });
    });
    expect(receiver.all).toHaveLength(1);
  });
});

describe('resending', () => {
  test('one event, marked; one that still waits is not sent twice', async () => {
    const { receiver, id } = await hooked();
    const [one] = subjects(1) as [string];
    await world.publishTo([one, one]);
    await until(() => expect(receiver.taken).toHaveLength(2));
    await until(async () => expect(await world.pending(id)).toBe(0));
    const eventId = receiver.all[0]?.id ?? '';
    await world.hooks.resendEvent({ requestId: randomUUID(), webhookId: id, eventId });
    await until(() => expect(receiver.taken).toHaveLength(3));
    expect(receiver.all[2]).toMatchObject({ id: eventId, resend: true, sequence: 1 });
    await until(async () => expect(await attemptsOf(id, { eventId })).toHaveLength(2));
  });

  test('all since an instant, in their order, before what comes after', async () => {
    const { receiver, id } = await hooked();
    const ids = subjects(3);
    const since = new Date();
    await world.publishTo(rounds(ids, 4));
    await until(() => expect(receiver.taken).toHaveLength(12));
    await until(async () => expect(await world.pending(id)).toBe(0));
    const reply = await world.hooks.resendSince({ requestId: randomUUID(), webhookId: id, since });
    expect(reply.events).toBe(12);
    await world.publishTo(ids);
    await until(() => expect(receiver.taken).toHaveLength(27));
    for (const one of ids) {
      const own = receiver.taken.filter(({ subject }) => subject === `delivery/${one}`);
      expect(own.map((e) => e.sequence)).toEqual([...sequence(4), ...sequence(5)]);
      expect(own.map((e) => e.resend)).toEqual([...Array(4).fill(false), ...Array(4).fill(true), false]);
    }
  });
});

describe('management', () => {
  test('the secret is in the reply once, again only to the same request, and is nowhere in clear', async () => {
    const requestId = randomUUID();
    const request = { requestId, url: 'http://127.0.0.1:9/hook', description: 'Một cửa xã'.normalize('NFD') };
    const first = await world.hooks.createWebhook(request);
    expect(await world.hooks.createWebhook(request)).toEqual(first);
    expect(first.webhook?.description).toBe('Một cửa xã'.normalize('NFC'));
    expect((await world.hooks.listWebhooks({})).webhooks).toHaveLength(1);
    const key = first.secret.replace('whsec_', '');
    const rows = await world.db.query<{ all: string }>({
      text: `select (select string_agg(w::text, '') from webhook w) ||
                    (select string_agg(encode(reply, 'escape'), '') from request) as all`,
    });
    expect(rows[0]?.all).not.toContain(key);
    expect(rows[0]?.all).not.toContain(Buffer.from(first.secret).toString('base64').slice(4, 40));
  });

  test('a rotated secret and the previous one both sign', async () => {
    const { receiver, id, secret } = await hooked();
    const rotated = await world.hooks.rotateWebhookSecret({ requestId: randomUUID(), webhookId: id });
    expect(rotated.secret).not.toBe(secret);
    // The receiver still checks by the old one.
    await world.publishTo(subjects(1));
    await until(() => expect(receiver.taken).toHaveLength(1));
    expect(String(receiver.all[0]?.headers['webhook-signature']).split(' ')).toHaveLength(2);
  });

  test('another agency sees none of it; clerks manage none; an agency has at most 20', async () => {
    const { id } = await hooked();
    const other = await world.hooksOf(leaderOf(neighbour));
    expect((await other.listWebhooks({})).webhooks).toEqual([]);
    expect(await reasonOf(other.getWebhook({ webhookId: id }))).toContain('NOT_FOUND');
    expect(await reasonOf(other.deleteWebhook({ requestId: randomUUID(), webhookId: id }))).toContain(
      'NOT_FOUND',
    );
    const clerk = await world.hooksOf({ ...leaderOf(commune), roles: ['clerk'] });
    expect(await reasonOf(clerk.listWebhooks({}))).toContain('PERMISSION_DENIED');
    const more = Array.from({ length: 25 }, () =>
      world.create('http://127.0.0.1:9/').then(
        () => 'created',
        (error: Error) => error.message,
      ),
    );
    const outcomes = await Promise.all(more);
    expect(outcomes.filter((one) => one === 'created')).toHaveLength(19);
    expect(outcomes.find((one) => one !== 'created')).toContain('RESOURCE_EXHAUSTED');
  });

  test('attempts come in pages, newest first', async () => {
    const { receiver, id } = await hooked();
    await world.publishTo(subjects(5));
    await until(() => expect(receiver.taken).toHaveLength(5));
    await until(async () => expect(await world.pending(id)).toBe(0));
    const seen: string[] = [];
    let pageToken = '';
    do {
      const page = await world.hooks.listAttempts({ webhookId: id, pageSize: 2, pageToken });
      seen.push(...page.attempts.map((one) => one.eventId));
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    expect(seen).toHaveLength(5);
    expect(new Set(seen)).toEqual(new Set(receiver.all.map((one) => one.id)));
  });
});

describe('without the permission of the settings', () => {
  let strict: HookWorld;
  beforeAll(async () => {
    strict = await openHookWorld({ WEBHOOK_ALLOW_PRIVATE: 'false', WEBHOOK_ALLOW_HTTP: 'false' });
  });
  afterAll(() => strict.stop());

  test.each([
    ['https://127.0.0.1/', 'not public'],
    ['https://localhost/', 'not public'],
    ['https://169.254.169.254/latest/', 'not public'],
    ['https://[::ffff:10.0.0.1]/', 'not public'],
    ['http://8.8.8.8/', 'https'],
    ['https://8.8.8.8:22/', 'ports'],
    ['https://a:b@8.8.8.8/', 'user or password'],
  ])('%s is refused', async (url, why) => {
    expect(await reasonOf(strict.create(url))).toContain(why);
    expect((await strict.hooks.listWebhooks({})).webhooks).toEqual([]);
  });
});
