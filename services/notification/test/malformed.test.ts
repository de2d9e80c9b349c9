import { randomUUID } from 'node:crypto';
import { type Language, MessageChannel, Topic } from '@lienthong/contracts/notification';
import { refusalOf } from '@lienthong/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dossierEvents } from './support/events.ts';
import { province } from './support/province.ts';
import { openWorld, type World } from './support/world.ts';

let world: World;
let people: Awaited<ReturnType<typeof province>>;
let before: unknown;
beforeAll(async () => {
  world = await openWorld();
  people = await province(world);
  const { notifications } = staff();
  await notifications.setContact({ contact: { email: 'an@xa.example', phone: '+84912345678' } });
  await notifications.setPreferences({ preferences: { digestAt: '16:00' } });
  await world.publishAndWait(dossierEvents(people.commune, 'H61.29542-260115-0001').assigned(people.head));
  before = await everything();
});
/** No refused call has changed anything. */
afterAll(async () => {
  expect(await everything()).toEqual(before);
  await world.stop();
});

const staff = () => world.as(people.head);
const everything = async () => ({
  ...(await staff().notifications.getPreferences({})),
  ...(await staff().notifications.listMessages({})),
  endpoint: await staff().notifications.getAgencyEndpoint({}),
  templates: (await world.admin.notificationOperations.listTemplates({})).templates,
  states: await world.db.query({ text: 'select id, read_at, round from notification order by n' }),
});
const requestId = 'not a uuid';
const LONG = 'ắ'.repeat(200);
const topic = { topic: Topic.OVERDUE, channels: [MessageChannel.EMAIL], digest: false };

type Case = [what: string, violation: string, call: () => Promise<unknown>];
const table = (cases: Case[]) =>
  test.each(cases)('%s: %s', async (_, violation, call) => {
    const { code, violations } = await refusalOf(call());
    expect(code).toBe('INVALID_ARGUMENT');
    expect(violations).toContain(violation);
  });

describe('SetContact', () => {
  const set = (email: string, phone = '') => staff().notifications.setContact({ contact: { email, phone } });
  table([
    ['no contact', 'contact FIELD_REQUIRED', () => staff().notifications.setContact({})],
    [
      'a request_id that is none',
      'request_id UUID_INVALID',
      () => staff().notifications.setContact({ requestId, contact: {} }),
    ],
    ['no address', 'contact.email EMAIL_INVALID', () => set('an')],
    ['two addresses', 'contact.email EMAIL_INVALID', () => set('an@xa.vn,binh@xa.vn')],
    ['a name before it', 'contact.email EMAIL_INVALID', () => set('An <an@xa.vn>')],
    ['a header', 'contact.email EMAIL_INVALID', () => set('an@xa.vn\r\nbcc: b@xa.vn')],
    ['a NUL', 'contact.email FIELD_INVALID', () => set('an\u0000@xa.vn')],
    ['a longer one than there is', 'contact.email EMAIL_INVALID', () => set(`${LONG}@xa.vn`)],
    ['a number that is too short', 'contact.phone PHONE_INVALID', () => set('', '091234')],
    ['a word', 'contact.phone PHONE_INVALID', () => set('', 'số nhà')],
    ['a number that is too long', 'contact.phone PHONE_INVALID', () => set('', '+8491234567890123')],
  ]);
});

describe.each([
  ['SetPreferences', 'setPreferences'],
  ['SetAgencyPreferences', 'setAgencyPreferences'],
] as const)('%s', (_, method) => {
  const set = (preferences: object) => staff().notifications[method]({ preferences });
  table([
    ['none', 'preferences FIELD_REQUIRED', () => staff().notifications[method]({})],
    ['a topic twice', 'preferences.topics[1].topic TOPIC_TWICE', () => set({ topics: [topic, topic] })],
    ['no topic', 'preferences.topics[0].topic ENUM_INVALID', () => set({ topics: [{ ...topic, topic: 0 }] })],
    [
      'an unknown topic',
      'preferences.topics[0].topic ENUM_INVALID',
      () => set({ topics: [{ ...topic, topic: 99 }] }),
    ],
    [
      'an unknown channel',
      'preferences.topics[0].channels[0] ENUM_INVALID',
      () => set({ topics: [{ ...topic, channels: [9] }] }),
    ],
    ['an unknown language', 'preferences.language ENUM_INVALID', () => set({ language: 3 as Language })],
    ['a time that is none', 'preferences.digest_at TIME_INVALID', () => set({ digestAt: '24:00' })],
    ['a time with seconds', 'preferences.digest_at TIME_INVALID', () => set({ digestAt: '08:00:00' })],
    [
      'more topics than there are',
      'preferences.topics TOO_MANY',
      () => set({ topics: Array(51).fill(topic) }),
    ],
  ]);
});

describe('messages', () => {
  table([
    [
      'ids that are none',
      'message_ids[0] UUID_INVALID',
      () => staff().notifications.markRead({ messageIds: ['x'] }),
    ],
    [
      'too many ids',
      'message_ids TOO_MANY',
      () => staff().notifications.markRead({ messageIds: Array.from({ length: 501 }, () => randomUUID()) }),
    ],
    [
      'a page too large',
      'page_size PAGE_SIZE_INVALID',
      () => staff().notifications.listMessages({ pageSize: 100_000 }),
    ],
    [
      'a page token that is none',
      'page_token PAGE_TOKEN_INVALID',
      () => staff().notifications.listMessages({ pageToken: 'x' }),
    ],
  ]);
});

describe('SetAgencyEndpoint', () => {
  table([
    [
      'a request_id that is none',
      'request_id UUID_INVALID',
      () => staff().notifications.setAgencyEndpoint({ requestId, url: '' }),
    ],
    ['no address', 'url URL_INVALID', () => staff().notifications.setAgencyEndpoint({ url: 'xã' })],
    [
      'a longer one than there is',
      'url FIELD_TOO_LONG',
      () => staff().notifications.setAgencyEndpoint({ url: `https://xa.vn/${'a'.repeat(2_000)}` }),
    ],
  ]);
});

describe('operations', () => {
  const operations = () => world.admin.notificationOperations;
  table([
    [
      'a state that is none',
      'states[0] ENUM_INVALID',
      () => operations().listNotifications({ states: [99 as never] }),
    ],
    [
      'a channel that is none',
      'channel ENUM_INVALID',
      () => operations().listNotifications({ channel: 99 as never }),
    ],
    [
      'a code too long',
      'dossier_code FIELD_TOO_LONG',
      () => operations().listNotifications({ dossierCode: LONG }),
    ],
    [
      'another list’s page token',
      'page_token PAGE_TOKEN_INVALID',
      () => operations().listNotifications({ pageToken: 'abc' }),
    ],
    [
      'an id that is none',
      'notification_id UUID_INVALID',
      () => operations().getNotification({ notificationId: 'x' }),
    ],
    ['a resend without id', 'notification_id UUID_INVALID', () => operations().resendNotification({})],
    [
      'a resend of no channel',
      'channel ENUM_INVALID',
      () => operations().resendFailed({ channel: 77 as never }),
    ],
    [
      'a template without text',
      'title FIELD_REQUIRED',
      () => operations().saveTemplate({ key: 'overdue/sms/vi', body: 'x' }),
    ],
  ]);

  test('what is not there is not found; what is in the application is not sent again', async () => {
    const unknown = operations().resendNotification({ notificationId: randomUUID() });
    expect(await refusalOf(unknown)).toMatchObject({ code: 'NOT_FOUND', reason: 'NOTIFICATION_UNKNOWN' });
    const { notifications } = await operations().listNotifications({ channel: MessageChannel.IN_APP });
    const inApp = operations().resendNotification({ notificationId: notifications[0]?.id });
    expect(await refusalOf(inApp)).toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'NOTIFICATION_IN_APP',
    });
  });
});

describe('who may not', () => {
  const denied = { code: 'PERMISSION_DENIED' };
  test.each<[string, () => Promise<unknown>]>([
    [
      'an agency’s preferences: a clerk',
      () => world.as(people.clerk).notifications.setAgencyPreferences({ preferences: {} }),
    ],
    ['an agency’s receiver: a clerk', () => world.as(people.clerk).notifications.getAgencyEndpoint({})],
    ['operations: a leader', () => staff().notificationOperations.listNotifications({})],
    ['resending: a leader', () => staff().notificationOperations.resendFailed({})],
  ])('%s', async (_, call) => {
    expect(await refusalOf(call())).toMatchObject(denied);
  });

  test('without a token: citizens’ methods alone', async () => {
    expect(await refusalOf(world.anybody.notifications.listMessages({}))).toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });
});
