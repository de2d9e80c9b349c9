import type { Officer } from '@lienthong/contracts/directory';
import { MessageChannel, NotificationState, Topic } from '@lienthong/contracts/notification';
import { newWebhookSecret } from '@lienthong/outbound';
import { officer } from '@lienthong/reference-data/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { dossierEvents } from './support/events.ts';
import { type Answer, httpPeer, type Received } from './support/http-peer.ts';
import { province } from './support/province.ts';
import { openWorld, type World } from './support/world.ts';

/** SMS and the province's app through the whole service, with providers that behave as providers do. */
const { PENDING, SENT, FAILED } = NotificationState;
const WAIT = 30_000;

describe.each([
  ['SMS', MessageChannel.SMS],
  ['webhook', MessageChannel.WEBHOOK],
] as const)('%s', (_, channel) => {
  let world: World;
  let people: Awaited<ReturnType<typeof province>>;
  let peer: Awaited<ReturnType<typeof httpPeer>>;
  let answer: Answer;
  beforeEach(async () => {
    answer = () => ({ status: 200 });
    peer = await httpPeer((call) => answer(call));
    world = await openWorld({
      ...(channel === MessageChannel.SMS
        ? { SMS_URL: peer.url, SMS_TIMEOUT_MS: '500' }
        : {
            PUSH_WEBHOOK_URL: peer.url,
            PUSH_WEBHOOK_SECRET: newWebhookSecret(),
            PUSH_WEBHOOK_TIMEOUT_MS: '500',
          }),
      NOTIFICATION_BATCH: '10',
      NOTIFICATION_LEASE_S: '5',
    });
    people = await province(world);
  });
  afterEach(async () => {
    await world.stop();
    await peer.close();
  });

  const keyOf = ({ headers }: Received) => (headers['idempotency-key'] ?? headers['webhook-id']) as string;
  let numbers = 0;
  async function reached(n: number): Promise<Officer[]> {
    const all: Officer[] = [];
    for (let i = 0; i < n; i += 1) {
      const one = officer({ agencyId: people.commune.id, fullName: 'Người Nhận' });
      all.push(one);
      await world.appoint(one);
      const { notifications } = world.as(one);
      numbers += 1;
      const phone = `+8491${String(numbers).padStart(7, '0')}`;
      await notifications.setContact({ contact: { email: '', phone } });
      await notifications.setPreferences({
        preferences: { topics: [{ topic: Topic.TASK_ASSIGNED, channels: [channel] }] },
      });
    }
    return all;
  }
  const assign = (officers: readonly Officer[], each = 1) =>
    world.publishAndWait(
      ...Array.from({ length: officers.length * each }, (_, i) =>
        dossierEvents(people.commune, `H61.29542-260115-${String(i + 1).padStart(4, '0')}`).assigned(
          officers[i % officers.length] as Officer,
        ),
      ),
    );
  const listed = async () =>
    (await world.admin.notificationOperations.listNotifications({ channel, pageSize: 200 })).notifications;
  const status = async () => {
    const { channels } = await world.admin.notificationOperations.getChannelStatus({});
    return channels.find((one) => one.channel === channel);
  };
  const attempts = () => vi.waitFor(async () => (await listed()).flatMap((one) => one.attempts));
  const allSent = (n: number) =>
    vi.waitFor(
      async () => {
        const states = (await listed()).map(({ state }) => state);
        expect(states).toEqual(Array(n).fill(SENT));
      },
      { timeout: WAIT, interval: 100 },
    );

  test('planned, sent with its attempt, listed; the same event again sends nothing', async () => {
    const [one] = (await reached(1)) as [Officer];
    await assign([one]);
    await allSent(1);
    const [sent] = await listed();
    expect(sent).toMatchObject({
      recipientId: one.id,
      topic: Topic.TASK_ASSIGNED,
      templateVersion: 1,
      attempts: [{ number: 1, accepted: true, answer: '200' }],
    });
    expect(peer.calls.map(keyOf)).toEqual([sent?.id]);
    await world.db.query({ text: `update consumer_cursor set position = 0 where source = 'casework'` });
    await assign([one]);
    await allSent(2);
    expect(peer.calls).toHaveLength(2);
  });

  test('429 with Retry-After: not before it, also when the back-off is shorter, and then once', async () => {
    answer = () => ({ status: 429, headers: { 'retry-after': '900' } });
    await assign(await reached(1));
    const first = await vi.waitFor(async () => {
      const [one] = await listed();
      expect(one).toMatchObject({ state: PENDING, attempts: [{ accepted: false }] });
      expect(one?.attempts[0]?.nextAt).toBeDefined();
      return one?.attempts[0];
    }, WAIT);
    expect(first?.nextAt?.getTime()).toBe(world.clock.now().getTime() + 900_000);
    answer = () => ({ status: 200 });
    world.clock.advance(899_000);
    // If it were due it would be claimed now: another officer's message is sent meanwhile.
    await assign(await reached(1));
    await vi.waitFor(
      async () => expect((await listed()).map(({ state }) => state)).toEqual([SENT, PENDING]),
      WAIT,
    );
    expect(peer.calls).toHaveLength(2);
    world.clock.advance(2_000);
    await allSent(2);
    expect(peer.calls.map(keyOf)).toHaveLength(3);
  });

  test('down for hours: nothing is lost, few probes are made, and batches double when it is back', async () => {
    const officers = await reached(6);
    answer = () => 'drop';
    await assign(officers, 5);
    await vi.waitFor(
      async () => expect(await status()).toMatchObject({ circuitOpen: true, pending: 30n }),
      WAIT,
    );
    for (let hour = 0; hour < 6; hour += 1) {
      const before = (await status())?.nextTryAt;
      world.clock.advance(3_600_000);
      await vi.waitFor(async () => expect((await status())?.nextTryAt).not.toEqual(before), WAIT);
    }
    expect(peer.calls.length).toBeLessThan(20);
    expect(await status()).toMatchObject({ pending: 30n, failed: 0n });
    const before = peer.calls.length;
    const sizes: number[] = [];
    let open = 0;
    answer = async () => {
      open += 1;
      sizes.push(open);
      await new Promise((done) => setImmediate(done));
      open -= 1;
      return { status: 200 };
    };
    world.clock.advance(3_600_000);
    await allSent(30);
    const taken = peer.calls.slice(before);
    // One, and only then more.
    expect(sizes[0]).toBe(1);
    expect(sizes[1]).toBe(1);
    expect(new Set(taken.map(keyOf)).size).toBe(30);
    expect(taken).toHaveLength(30);
    expect(await status()).toMatchObject({ circuitOpen: false, pending: 0n });
  });

  test('a flapping provider gets each message until it has taken it, and never after that', async () => {
    let n = 0;
    const taken: string[] = [];
    answer = (call) => {
      n += 1;
      if (n % 3 === 0) return { status: 503 };
      if (n % 3 === 1) return { status: 500 };
      taken.push(keyOf(call));
      return { status: 200 };
    };
    await assign(await reached(4), 3);
    await vi.waitFor(
      async () => {
        world.clock.advance(600_000);
        expect((await listed()).map(({ state }) => state)).toEqual(Array(12).fill(SENT));
      },
      { timeout: WAIT, interval: 150 },
    );
    expect(taken).toHaveLength(12);
    expect(new Set(taken)).toEqual(new Set((await listed()).map(({ id }) => id)));
    // Every call is a stored attempt with its answer.
    const kept = await attempts();
    expect(kept).toHaveLength(peer.calls.length);
    expect(kept.map(({ answer }) => answer).sort()).toEqual(
      peer.calls.map((_, i) => (['500', '200', '503'] as const)[i % 3] as string).sort(),
    );
  });

  test('slow, then silent: the message is not lost, and no other message fails', async () => {
    answer = () => 'silent';
    await assign(await reached(2));
    await vi.waitFor(async () => expect(await status()).toMatchObject({ circuitOpen: true }), WAIT);
    expect(
      (await attempts()).some(({ answer }) => /^no (reply in time|complete response)/.test(answer)),
    ).toBe(true);
    answer = async () => {
      await new Promise((done) => setTimeout(done, 200));
      return { status: 200 };
    };
    world.clock.advance(60_000);
    await allSent(2);
    expect(new Set(peer.calls.map(keyOf)).size).toBe(2);
  });

  test('refused twelve times for a time: failed, with every attempt; a resend starts again', async () => {
    answer = () => ({ status: 500, body: 'later' });
    await assign(await reached(1));
    await vi.waitFor(
      async () => {
        world.clock.advance(5_000_000);
        expect((await listed())[0]).toMatchObject({ state: FAILED });
      },
      { timeout: WAIT, interval: 100 },
    );
    const [dead] = await listed();
    expect(dead?.attempts.map(({ number }) => number)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
    expect(peer.calls).toHaveLength(12);
    expect(new Set(peer.calls.map(keyOf))).toEqual(new Set([dead?.id]));
    answer = () => ({ status: 200 });
    expect(await world.admin.notificationOperations.resendFailed({ channel })).toEqual({
      resent: 1,
      more: false,
    });
    await allSent(1);
    expect(keyOf(peer.calls[12] as Received)).toBe(`${dead?.id}-1`);
  });
});
