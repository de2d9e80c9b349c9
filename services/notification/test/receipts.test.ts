import type { Officer } from '@lienthong/contracts/directory';
import { MessageChannel, NotificationState, Topic } from '@lienthong/contracts/notification';
import { newWebhookSecret, signWebhook } from '@lienthong/outbound';
import { officer } from '@lienthong/reference-data/testing';
import { freePort } from '@lienthong/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { dossierEvents } from './support/events.ts';
import { type Answer, httpPeer } from './support/http-peer.ts';
import { province } from './support/province.ts';
import { openWorld, type World } from './support/world.ts';

const { PENDING, SENT, DELIVERED, FAILED } = NotificationState;
const { EMAIL, SMS, WEBHOOK } = MessageChannel;
const MAIL_TOKEN = 'token-of-the-mail-server';
const TOKEN = 'token-of-the-sms-provider';
const WAIT = 20_000;

let world: World;
let people: Awaited<ReturnType<typeof province>>;
let provider: Awaited<ReturnType<typeof httpPeer>>;
let app: Awaited<ReturnType<typeof httpPeer>>;
let receipts: string;
const appSecret = newWebhookSecret();
/** What the provider answers a message; its own ids are P1, P2, … */
let answer: Answer | undefined;
let taken = 0;

beforeAll(async () => {
  provider = await httpPeer((call) => {
    taken += 1;
    return answer?.(call) ?? { status: 200, body: JSON.stringify({ messageId: `P${taken}` }) };
  });
  app = await httpPeer(() => ({ status: 204 }));
  const port = await freePort();
  receipts = `http://127.0.0.1:${port}/receipts`;
  world = await openWorld({
    SMS_URL: provider.url,
    SMS_BODY: '{"to":"{to}","text":"{text}","ref":"{id}"}',
    SMS_RESULT_ID: 'messageId',
    RECEIPT_LISTEN: `127.0.0.1:${port}`,
    SMS_RECEIPT_SECRET: TOKEN,
    MAIL_RECEIPT_SECRET: MAIL_TOKEN,
    SMS_RECEIPT_LIST: 'results',
    SMS_RECEIPT_ID: 'ref',
    SMS_RECEIPT_STATUS: 'status.name',
    SMS_RECEIPT_REASON: 'status.why',
    PUSH_WEBHOOK_URL: app.url,
    PUSH_WEBHOOK_SECRET: appSecret,
  });
  people = await province(world);
});
afterEach(() => {
  answer = undefined;
});
afterAll(async () => {
  await world.stop();
  await provider.close();
  await app.close();
});

const operations = () => world.admin.notificationOperations;

let numbers = 0;
/** A new officer who gets messages of tasks by one channel. */
async function reachedBy(channel: typeof SMS | typeof WEBHOOK): Promise<Officer & { phone: string }> {
  const one = officer({ agencyId: people.commune.id, fullName: 'Người Nhận' });
  numbers += 1;
  const phone = `+8491234${String(numbers).padStart(4, '0')}`;
  await world.appoint(one);
  const { notifications } = world.as(one);
  await notifications.setContact({ contact: { email: '', phone } });
  await notifications.setPreferences({
    preferences: { topics: [{ topic: Topic.TASK_ASSIGNED, channels: [channel] }] },
  });
  return { ...one, phone };
}

const listed = async (recipientId: string, channel: MessageChannel = SMS) => {
  const { notifications } = await operations().listNotifications({ recipientId, channel });
  return notifications[0];
};

/** Assigns a task to an officer; resolves to the message once it has the state. */
async function assignTask(one: Officer, state: NotificationState, channel: MessageChannel = SMS) {
  await world.publishAndWait(dossierEvents(people.commune, 'H61.29542-260115-0001').assigned(one));
  return inState(one.id, state, channel);
}
const inState = (recipientId: string, state: NotificationState, channel: MessageChannel = SMS) =>
  vi.waitFor(async () => {
    const found = await listed(recipientId, channel);
    expect(found).toMatchObject({ state });
    return found as NonNullable<typeof found>;
  }, WAIT);

/** The provider calls back; resolves to status and body. */
async function post(path: string, body: string | Buffer, headers: Record<string, string> = {}) {
  const response = await fetch(`${receipts}/${path}`, { method: 'POST', body, headers });
  return { status: response.status, ...((await response.json()) as object) };
}
const receipt = (...results: { ref: string; name: string; why?: string }[]) =>
  post(
    'sms',
    JSON.stringify({ results: results.map(({ ref, name, why }) => ({ ref, status: { name, why } })) }),
    { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
  );
const counts = (applied: number, ignored: number, unknown: number) => ({ applied, ignored, unknown });

test('an SMS from the event to the receipt: planned, sent, delivered; what comes later changes nothing', async () => {
  const one = await reachedBy(SMS);
  const sent = await assignTask(one, SENT);
  expect(sent).toMatchObject({ templateKey: 'task-assigned/sms/vi', attempts: [{ accepted: true }] });
  const call = provider.calls.find(({ body }) => body.includes(one.phone));
  expect(call?.headers['idempotency-key']).toBe(sent.id);
  const ref = sent.id;
  expect(await receipt({ ref, name: 'BUFFERED' })).toMatchObject({ status: 200, ...counts(0, 1, 0) });
  expect(await receipt({ ref, name: 'Delivered' })).toMatchObject({ status: 200, ...counts(1, 0, 0) });
  const arrived = await inState(one.id, DELIVERED);
  expect(arrived.attempts).toMatchObject([{ receipt: 'Delivered', receiptAt: world.clock.now() }]);
  // The same again, and what overtook it.
  expect(await receipt({ ref, name: 'Delivered' })).toMatchObject({ status: 200, ...counts(0, 1, 0) });
  expect(await receipt({ ref, name: 'failed' })).toMatchObject({ status: 200, ...counts(0, 1, 0) });
  expect(await listed(one.id)).toEqual(arrived);
});

test('a failed receipt: a dead letter, without the number; sent again under another key', async () => {
  const one = await reachedBy(SMS);
  const { id } = await assignTask(one, SENT);
  const why = `${one.phone.replace('+84', '0')} is switched off`;
  expect(await receipt({ ref: id, name: 'UNDELIVERED', why })).toMatchObject(counts(1, 0, 0));
  const { notifications: dead } = await operations().listNotifications({ states: [FAILED], channel: SMS });
  expect(dead).toMatchObject([{ id, attempts: [{ receipt: 'UNDELIVERED: ••• is switched off' }] }]);
  await operations().resendNotification({ notificationId: id });
  await vi.waitFor(async () => expect((await listed(one.id))?.attempts).toHaveLength(2), WAIT);
  await inState(one.id, SENT);
  const keys = provider.calls.filter(({ body }) => body.includes(one.phone));
  expect(keys.map(({ headers }) => headers['idempotency-key'])).toEqual([id, `${id}-1`]);
  // The first sending's receipt comes again: it is not the one that counts.
  expect(await receipt({ ref: id, name: 'UNDELIVERED' })).toMatchObject(counts(0, 1, 0));
  expect(await listed(one.id)).toMatchObject({ state: SENT });
  expect(await receipt({ ref: `${id}-1`, name: 'DELIVERED' })).toMatchObject(counts(1, 0, 0));
  await inState(one.id, DELIVERED);
});

test('a message that arrives after it was given up is delivered', async () => {
  const one = await reachedBy(SMS);
  const { id } = await assignTask(one, SENT);
  await receipt({ ref: id, name: 'expired' });
  await inState(one.id, FAILED);
  await receipt({ ref: id, name: 'delivered' });
  await inState(one.id, DELIVERED);
});

test.each([
  ['delivered', DELIVERED],
  ['failed', FAILED],
] as const)('a receipt that overtakes the provider’s answer: %s', async (name, state) => {
  const one = await reachedBy(SMS);
  let early: unknown;
  answer = async ({ body }) => {
    early = await receipt({ ref: (JSON.parse(body) as { ref: string }).ref, name });
    return { status: 200, body: '{}' };
  };
  const after = await assignTask(one, state);
  expect(early).toMatchObject({ status: 200, ...counts(1, 0, 0) });
  await vi.waitFor(
    async () => expect((await listed(one.id))?.attempts).toMatchObject([{ accepted: true, receipt: name }]),
    WAIT,
  );
  expect(provider.calls.filter(({ body }) => body.includes(one.phone))).toHaveLength(1);
  expect(after.id).toBe((await listed(one.id))?.id);
});

test('a receipt does not apply to a message that waits for its next attempt', async () => {
  const one = await reachedBy(SMS);
  answer = () => ({ status: 500 });
  await world.publishAndWait(dossierEvents(people.commune, 'H61.29542-260115-0002').assigned(one));
  const { id } = await vi.waitFor(async () => {
    const found = await listed(one.id);
    expect(found).toMatchObject({ state: PENDING, attempts: [{ accepted: false }] });
    expect(found?.attempts[0]?.nextAt).toBeDefined();
    return found as NonNullable<typeof found>;
  }, WAIT);
  for (const name of ['failed', 'delivered'])
    expect(await receipt({ ref: id, name })).toMatchObject(counts(0, 1, 0));
  expect(await listed(one.id)).toMatchObject({ state: PENDING });
});

test('by the provider’s own id, and several at once', async () => {
  const [first, second] = [await reachedBy(SMS), await reachedBy(SMS)];
  await assignTask(first, SENT);
  const ref = `P${taken}`;
  const { id } = await assignTask(second, SENT);
  const together = await receipt({ ref, name: 'delivered' }, { ref: id, name: 'delivered' });
  expect(together).toMatchObject({ status: 200, ...counts(2, 0, 0) });
  await inState(first.id, DELIVERED);
  await inState(second.id, DELIVERED);
});

describe('the HTTP endpoint', () => {
  const authorization = `Bearer ${TOKEN}`;
  test('an unknown message gets 404, and the known ones still count', async () => {
    const one = await reachedBy(SMS);
    const { id } = await assignTask(one, SENT);
    const unknown = [crypto.randomUUID(), 'P999999'].map((ref) => ({ ref, name: 'delivered' }));
    const reply = await receipt(...unknown, { ref: id, name: 'delivered' });
    expect(reply).toMatchObject({
      status: 404,
      ...counts(1, 0, 2),
      message: expect.stringContaining('not recorded yet'),
    });
    await inState(one.id, DELIVERED);
  });

  test.each([
    ['no token', 'sms', '{}', {}, 401],
    ['another token', 'sms', '{}', { authorization: 'Bearer nonsense' }, 401],
    ['the secret of the app', 'sms', '{}', { authorization: `Bearer ${appSecret}` }, 401],
    ['no JSON', 'sms', '<xml/>', { authorization }, 400],
    ['no list', 'sms', '{"results":{"ref":"x"}}', { authorization }, 400],
    ['too many', 'sms', JSON.stringify({ results: Array(1001).fill({}) }), { authorization }, 400],
    ['too much', 'sms', 'x'.repeat(300_000), { authorization }, 413],
    ['another way', 'fax', '{}', { authorization }, 404],
    ['an app without a signature', 'webhook', '{}', { authorization }, 401],
  ])('%s is refused', async (_, path, body, headers, status) => {
    expect(await post(path, body, headers as Record<string, string>)).toMatchObject({
      status,
      message: expect.stringMatching(/./),
    });
  });

  test('receipts that name no message, or none that can be, change nothing', async () => {
    const odd = [
      null,
      1,
      'x',
      [],
      {},
      { ref: {} },
      { ref: 'a', status: 'b' },
      { ref: '', status: { name: 'failed' } },
    ];
    const long = { ref: 'x'.repeat(201), status: { name: 'failed' } };
    const reply = await post('sms', JSON.stringify({ results: [...odd, long] }), { authorization });
    expect(reply).toEqual({ status: 200, ...counts(0, odd.length + 1, 0) });
    const nul = await post('sms', '{"results":[{"ref":"a\\u0000b","status":{"name":"failed"}}]}', {
      authorization,
    });
    expect(nul).toMatchObject({ status: 200, ...counts(0, 1, 0) });
  });

  test('other methods are refused', async () => {
    const response = await fetch(`${receipts}/sms`, { method: 'DELETE', headers: { authorization } });
    expect(response.status).toBe(405);
  });
});

/** A delivery status notification about a mail, with the headers that came back. */
const bounceOf = (email: string, original: string, perMessage: string[] = []) =>
  [
    'Message-ID: <1@mail.xa.example>',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    '',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mail.xa.example',
    ...perMessage,
    '',
    `Final-Recipient: rfc822; ${email}`,
    'Action: failed',
    `Diagnostic-Code: smtp; 550 ${email} is unknown`,
    '',
    '--b',
    'Content-Type: text/rfc822-headers',
    '',
    original.split('\r\n\r\n')[0],
    '--b--',
  ].join('\r\n');
const bounce = (mail: string) => post('mail', mail, { authorization: `Bearer ${MAIL_TOKEN}` });

/** A new officer who was sent a mail; resolves to the mail that arrived. */
async function mailed(email: string, answer?: string) {
  const one = officer({ agencyId: people.commune.id, fullName: 'Người Nhận' });
  await world.appoint(one);
  await world.as(one).notifications.setContact({ contact: { email, phone: '' } });
  world.post.answer(email, answer);
  const sent = await assignTask(one, SENT, EMAIL);
  const raw = () => world.post.mails.findLast(({ to }) => to === email)?.raw ?? '';
  return { one, id: sent.id, raw };
}
const messageIdIn = (raw: string) => /^message-id: *(<.*>)/im.exec(raw)?.[1];
/** What a relay leaves that writes a Message-ID of its own and drops headers it does not know. */
const rewritten = (raw: string) =>
  raw.replace(/^message-id:.*$/im, 'Message-ID: <own@relay.example>').replace(/^x-.*\r\n/gim, '');

test('a mail that comes back has failed, and is sent again under another Message-ID', async () => {
  const email = 'tra.lai@xa.example';
  const { one, id, raw } = await mailed(email);
  expect(messageIdIn(raw())).toBe(`<${id}@vinhlong.example>`);
  const mail = bounceOf(email, raw());
  expect(await post('mail', mail)).toMatchObject({ status: 401 });
  expect(await post('mail', mail, { authorization: `Bearer ${TOKEN}` })).toMatchObject({ status: 401 });
  const reply = await post(`mail?token=${MAIL_TOKEN}`, mail, { 'content-type': 'message/rfc822' });
  expect(reply).toMatchObject({ status: 200, ...counts(1, 0, 0) });
  const failed = await inState(one.id, FAILED, EMAIL);
  expect(failed.attempts).toMatchObject([{ receipt: 'smtp; 550 ••• is unknown' }]);
  // The address is right after all.
  await world.as(one).notifications.setContact({ contact: { email, phone: '' } });
  await operations().resendNotification({ notificationId: id });
  await inState(one.id, SENT, EMAIL);
  expect(messageIdIn(raw())).toBe(`<${id}-1@vinhlong.example>`);
});

describe('a bounce of a mail whose Message-ID a relay replaced is matched by', () => {
  test('our own header', async () => {
    const email = 'tieu.de@xa.example';
    const { one, raw } = await mailed(email);
    const original = raw().replace(/^message-id:.*$/im, 'Message-ID: <own@relay.example>');
    expect(await bounce(bounceOf(email, original))).toMatchObject({ status: 200, ...counts(1, 0, 0) });
    await inState(one.id, FAILED, EMAIL);
  });

  test('the id in the answer of the relay', async () => {
    const email = 'hang.doi@xa.example';
    const { one } = await mailed(email, '250 2.0.0 Ok: queued as 4cXk2hT1zqz');
    const mail = bounceOf(email, '', ['X-Postfix-Queue-ID: 4cXk2hT1zqz']);
    expect(await bounce(mail)).toMatchObject({ status: 200, ...counts(1, 0, 0) });
    await inState(one.id, FAILED, EMAIL);
  });

  test('the recipient and the time', async () => {
    const [first, second] = [await mailed('nguoi.1@xa.example'), await mailed('nguoi.2@xa.example')];
    const mail = bounceOf('Nguoi.2@xa.example', rewritten(second.raw()));
    expect(await bounce(mail)).toMatchObject({ status: 200, ...counts(1, 0, 0) });
    await inState(second.one.id, FAILED, EMAIL);
    expect(await listed(first.one.id, EMAIL)).toMatchObject({ state: SENT });
    // To a recipient without a mail, and at another time.
    const unknown = { status: 404, ...counts(0, 0, 1) };
    expect(await bounce(bounceOf('khong.ai@xa.example', rewritten(first.raw())))).toMatchObject(unknown);
    const old = rewritten(first.raw()).replace(/^date:.*$/im, 'Date: Thu, 15 Jan 2015 02:00:00 +0000');
    expect(await bounce(bounceOf('nguoi.1@xa.example', old))).toMatchObject(unknown);
    expect(await listed(first.one.id, EMAIL)).toMatchObject({ state: SENT });
  });

  test('nothing, when the mail is from another sender: it is ignored', async () => {
    const email = 'khac@xa.example';
    const { one, raw } = await mailed(email);
    const original = rewritten(raw()).replace(/^from:.*$/im, 'From: ke.toan@vinhlong.example');
    expect(await bounce(bounceOf(email, original))).toMatchObject({ status: 200, ...counts(0, 1, 0) });
    expect(await listed(one.id, EMAIL)).toMatchObject({ state: SENT });
  });
});

test('the province’s app reports delivery under the webhook’s signature', async () => {
  const one = await reachedBy(WEBHOOK);
  const { id } = await assignTask(one, SENT, WEBHOOK);
  const report = (type: string, secret = appSecret, ref = id) => {
    const body = JSON.stringify({ type, data: { id: ref } });
    return post('webhook', body, { ...signWebhook([secret], crypto.randomUUID(), new Date(), body) });
  };
  expect(await report('notification.delivered', newWebhookSecret())).toMatchObject({ status: 401 });
  expect(await report('notification.opened')).toMatchObject({ status: 400 });
  // A message of another channel is unknown here.
  const bySms = await assignTask(await reachedBy(SMS), SENT);
  expect(await report('notification.failed', appSecret, bySms.id)).toMatchObject({ status: 404 });
  expect(await report('notification.delivered')).toMatchObject({ status: 200, ...counts(1, 0, 0) });
  await inState(one.id, DELIVERED, WEBHOOK);
});
