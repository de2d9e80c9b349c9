import { randomBytes } from 'node:crypto';
import type { Officer } from '@lienthong/contracts/directory';
import { MessageChannel, NotificationState, Topic } from '@lienthong/contracts/notification';
import { newWebhookSecret, verifyWebhook } from '@lienthong/outbound';
import { agency, officer } from '@lienthong/reference-data/testing';
import { refusalOf } from '@lienthong/testkit';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { dossierEvents } from './support/events.ts';
import { httpPeer, type Received, type Reply } from './support/http-peer.ts';
import { province } from './support/province.ts';
import { openWorld, type World } from './support/world.ts';

/** The channel webhook: to the province's own app, or to an agency's own receiver. */
const { WEBHOOK } = MessageChannel;
const { PENDING, SENT, FAILED } = NotificationState;
const WAIT = 20_000;
const provinceSecret = newWebhookSecret();

let world: World;
let people: Awaited<ReturnType<typeof province>>;
let app: Awaited<ReturnType<typeof httpPeer>>;
let own: Awaited<ReturnType<typeof httpPeer>>;
let ownReply: Reply | 'silent';

async function begin(env: Record<string, string> = {}) {
  world = await openWorld({
    WEBHOOK_ALLOW_PRIVATE: 'true',
    WEBHOOK_ALLOW_HTTP: 'true',
    PUSH_WEBHOOK_URL: app.url,
    PUSH_WEBHOOK_SECRET: provinceSecret,
    ...env,
  });
  people = await province(world);
}
beforeEach(async () => {
  ownReply = { status: 204 };
  app = await httpPeer(() => ({ status: 204 }));
  own = await httpPeer(() => ownReply);
});
afterEach(async () => {
  await world.stop();
  await app.close();
  await own.close();
});

const wanted = { topics: [{ topic: Topic.TASK_ASSIGNED, channels: [WEBHOOK] }] };
/** An officer of an agency whose messages go to its webhook. */
async function of(agencyId: string): Promise<Officer> {
  const one = officer({ agencyId, fullName: 'Người Nhận' });
  await world.appoint(one);
  await world.as(one).notifications.setPreferences({ preferences: wanted });
  return one;
}
let codes = 0;
const assign = (...officers: Officer[]) =>
  world.publishAndWait(
    ...officers.map((one) => {
      codes += 1;
      const code = `H61.29542-260115-${String(codes).padStart(4, '0')}`;
      return dossierEvents(people.commune, code).assigned(one);
    }),
  );
const states = async () => {
  const { notifications } = await world.admin.notificationOperations.listNotifications({
    channel: WEBHOOK,
  });
  return notifications;
};
const recipientOf = ({ body }: Received) =>
  (JSON.parse(body) as { data: { recipientId: string } }).data.recipientId;

test('the messages of an agency go to its own receiver, the others’ to the province’s app', async () => {
  await begin();
  const leader = world.as(people.head).notifications;
  const { secret } = await leader.setAgencyEndpoint({ url: `${own.url}/in?key=k` });
  expect(await leader.getAgencyEndpoint({})).toEqual({ origin: own.url, changedAt: world.clock.now() });
  const [ours, theirs] = [await of(people.commune.id), await of(people.province.id)];
  await assign(ours, theirs);
  await vi.waitFor(
    async () => expect((await states()).map(({ state }) => state)).toEqual([SENT, SENT]),
    WAIT,
  );
  expect(own.calls.map(recipientOf)).toEqual([ours.id]);
  expect(app.calls.map(recipientOf)).toEqual([theirs.id]);
  const { url, headers, body } = own.calls[0] as Received;
  expect(url).toBe('/in?key=k');
  const given = headers as Record<string, string>;
  // Receivers compare it with their own clock, not with the platform's.
  const now = new Date();
  expect([secret, provinceSecret].map((one) => verifyWebhook([one], given, body, now))).toEqual([
    true,
    false,
  ]);
  // Sealed: neither address nor secret is in the table.
  const [row] = await world.db.query<{ row: string }>({
    text: 'select t::text as row from agency_endpoint t',
  });
  expect(row?.row).not.toContain('key=k');
  expect(row?.row).not.toContain(secret);
});

test('without an app of the province only agencies with a receiver get webhook messages; none after its removal', async () => {
  await begin({ PUSH_WEBHOOK_URL: '', PUSH_WEBHOOK_SECRET: '' });
  const leader = world.as(people.head).notifications;
  await leader.setAgencyEndpoint({ url: own.url });
  const [ours, theirs] = [await of(people.commune.id), await of(people.province.id)];
  await assign(ours, theirs);
  await vi.waitFor(() => expect(own.calls.map(recipientOf)).toEqual([ours.id]), WAIT);
  expect((await states()).map(({ recipientId }) => recipientId)).toEqual([ours.id]);
  expect(await leader.setAgencyEndpoint({ url: '' })).toEqual({ secret: '' });
  expect(await leader.getAgencyEndpoint({})).toEqual({ origin: '', changedAt: undefined });
  await assign(ours);
  expect(await states()).toHaveLength(1);
});

test('a receiver that is down delays no other, and gets everything when it is back', async () => {
  await begin();
  await world.as(people.head).notifications.setAgencyEndpoint({ url: own.url });
  const [ours, theirs] = [await of(people.commune.id), await of(people.province.id)];
  ownReply = { status: 503 };
  await assign(ours, ours, theirs);
  await vi.waitFor(() => expect(app.calls.map(recipientOf)).toEqual([theirs.id]), WAIT);
  const { channels } = await world.admin.notificationOperations.getChannelStatus({});
  expect(channels.find(({ channel }) => channel === WEBHOOK)).toMatchObject({ circuitOpen: false });
  await vi.waitFor(async () => expect((await states()).at(-1)?.attempts[0]?.nextAt).toBeDefined(), WAIT);
  // Only the first message was attempted.
  expect(own.calls).toHaveLength(1);
  ownReply = { status: 204 };
  world.clock.advance(60_000);
  await vi.waitFor(
    async () => expect((await states()).map(({ state }) => state)).toEqual([SENT, SENT, SENT]),
    WAIT,
  );
  expect(own.calls).toHaveLength(3);
});

test('a silent receiver gets one message at a time; the others wait as if never claimed', async () => {
  await begin({ PUSH_WEBHOOK_TIMEOUT_MS: '300' });
  await world.as(people.head).notifications.setAgencyEndpoint({ url: own.url });
  const ours: Officer[] = [];
  for (let i = 0; i < 6; i += 1) ours.push(await of(people.commune.id));
  const theirs = await of(people.province.id);
  ownReply = 'silent';
  await assign(...ours, theirs);
  await vi.waitFor(async () => {
    expect(app.calls.map(recipientOf)).toEqual([theirs.id]);
    const all = (await states()).filter(({ recipientId }) => recipientId !== theirs.id);
    // Planned together, claimed in one or two batches: each batch made one attempt.
    expect(all.filter(({ attempts }) => attempts.some(({ nextAt }) => nextAt)).length).toBeGreaterThan(0);
    expect(all.every(({ dueAt }) => (dueAt ?? 0) > world.clock.now())).toBe(true);
  }, WAIT);
  const attempted = own.calls.length;
  expect(attempted).toBeLessThanOrEqual(3);
  expect((await states()).flatMap(({ attempts }) => attempts)).toHaveLength(attempted + 1);
  ownReply = { status: 204 };
  world.clock.advance(120_000);
  await vi.waitFor(
    async () => expect((await states()).map(({ state }) => state)).toEqual(Array(7).fill(SENT)),
    WAIT,
  );
  // One for each sender.
  expect(own.mostAtOnce()).toBeLessThanOrEqual(2);
});

test('a receiver whose key was lost gets nothing, and nothing of it goes to the province', async () => {
  await begin();
  await world.as(people.head).notifications.setAgencyEndpoint({ url: own.url });
  const [ours, theirs] = [await of(people.commune.id), await of(people.province.id)];
  await world.restart({ LIENTHONG_SEALING_KEYS: `other:${randomBytes(32).toString('base64')}` });
  await assign(ours, theirs);
  await vi.waitFor(() => expect(app.calls.map(recipientOf)).toEqual([theirs.id]), WAIT);
  await vi.waitFor(async () => {
    const waiting = (await states()).find(({ recipientId }) => recipientId === ours.id);
    expect(waiting).toMatchObject({ state: PENDING });
    expect(waiting?.attempts[0]?.answer).toContain('no sealing key opens');
  }, WAIT);
  expect([own.calls, app.calls].map(({ length }) => length)).toEqual([0, 1]);
});

test('a redirect is not followed, and is retried', async () => {
  await begin();
  await world.as(people.head).notifications.setAgencyEndpoint({ url: own.url });
  ownReply = { status: 302, headers: { location: `${app.url}/elsewhere` } };
  await assign(await of(people.commune.id));
  await vi.waitFor(
    async () => expect(await states()).toMatchObject([{ state: PENDING, attempts: [{ accepted: false }] }]),
    WAIT,
  );
  expect(app.calls).toEqual([]);
});

describe('a receiver’s address', () => {
  test('that is not public is refused, in the request and at the connection', async () => {
    await begin({ WEBHOOK_ALLOW_PRIVATE: 'false', WEBHOOK_PORTS: '443' });
    const leader = world.as(people.head).notifications;
    for (const [url, reason] of [
      ['https://127.0.0.1/', 'ADDRESS_NOT_PUBLIC'],
      ['https://localhost/', 'ADDRESS_NOT_PUBLIC'],
      ['https://169.254.169.254/', 'ADDRESS_NOT_PUBLIC'],
      ['https://xa.example.vn:5432/', 'PORT_REFUSED'],
      ['ftp://xa.example.vn/', 'URL_NOT_HTTPS'],
      ['https://a:b@xa.example.vn/', 'URL_WITH_CREDENTIALS'],
      ['xã', 'URL_INVALID'],
    ])
      expect(await refusalOf(leader.setAgencyEndpoint({ url })), url).toMatchObject({
        code: 'INVALID_ARGUMENT',
        violations: [`url ${reason}`],
      });
    expect(await leader.getAgencyEndpoint({})).toMatchObject({ origin: '' });
  });

  test('that later leads to a private address gets nothing', async () => {
    await begin();
    await world.as(people.head).notifications.setAgencyEndpoint({ url: own.url });
    const ours = await of(people.commune.id);
    await world.restart({ WEBHOOK_ALLOW_PRIVATE: 'false' });
    await assign(ours);
    await vi.waitFor(async () => {
      const [one] = await states();
      expect(one?.attempts[0]?.answer).toMatch(/not sent: .* not a public address/);
    }, WAIT);
    expect(own.calls).toEqual([]);
  });
});

test('the same request gives the same secret, a new one another; clerks and other agencies set none', async () => {
  await begin();
  const leader = world.as(people.head).notifications;
  const request = { requestId: crypto.randomUUID(), url: own.url };
  const first = await leader.setAgencyEndpoint(request);
  expect(await leader.setAgencyEndpoint(request)).toEqual(first);
  expect((await leader.setAgencyEndpoint({ url: own.url })).secret).not.toBe(first.secret);
  expect(
    await refusalOf(world.as(people.clerk).notifications.setAgencyEndpoint({ url: own.url })),
  ).toMatchObject({
    code: 'PERMISSION_DENIED',
  });
  const other = agency({ code: 'H61.29551', name: 'Ủy ban nhân dân xã Khác' });
  const head = { id: 'head', agencyId: other.id, roles: ['leader'] };
  expect(await world.as(head).notifications.getAgencyEndpoint({})).toMatchObject({ origin: '' });
});

test('a message that its receiver refuses for good has failed, and is listed', async () => {
  await begin();
  await world.as(people.head).notifications.setAgencyEndpoint({ url: own.url });
  ownReply = { status: 422, body: 'no such person' };
  await assign(await of(people.commune.id));
  await vi.waitFor(
    async () =>
      expect(await states()).toMatchObject([{ state: FAILED, attempts: [{ answer: '422 no such person' }] }]),
    WAIT,
  );
});
