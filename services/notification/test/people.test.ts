import type { AgencyClient } from '@lienthong/client';
import { MessageChannel, Topic } from '@lienthong/contracts/notification';
import { agency, ended, officer, transferred } from '@lienthong/reference-data/testing';
import { refusalOf } from '@lienthong/testkit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { documentEvents, dossierEvents } from './support/events.ts';
import { openWorld, type World } from './support/world.ts';

const DAY = '2026-01-20';
const province = agency({ code: 'H61', name: 'Ủy ban nhân dân tỉnh' });
const old = agency({ code: 'H61.1', name: 'Ủy ban nhân dân xã Cũ' });
const successor = agency({ code: 'H61.2', name: 'Ủy ban nhân dân xã Mới' });
const expert = officer({ agencyId: old.id, fullName: 'Trần Thị Bình' });
const leader = officer({ agencyId: successor.id, fullName: 'Lê Văn Cường', roles: ['leader'] });
const along = transferred(expert, DAY, successor.id);

let world: World;
let messageId: string;
let agencyMessageId: string;
beforeAll(async () => {
  world = await openWorld();
  await world.announce(province, old, successor);
  const { notifications } = world.as(expert);
  // Nobody of the agency is known yet: it is itself the recipient.
  const document = documentEvents(province, [old]);
  await world.publishAndWait(...document.issued());
  await world.appoint(expert, leader);
  await notifications.setContact({ contact: { email: 'binh@xa.example' } });
  await notifications.setPreferences({
    preferences: { topics: [{ topic: Topic.TASK_ASSIGNED, channels: [MessageChannel.EMAIL] }] },
  });
  await world.publishAndWait(dossierEvents(old, 'H61.1-260115-0001').assigned(expert));
  const { messages } = await notifications.listMessages({ unreadOnly: true });
  messageId = messages.find(({ topic }) => topic === Topic.TASK_ASSIGNED)?.id ?? '';
  agencyMessageId = messages.find(({ topic }) => topic === Topic.DOCUMENT_RECEIVED)?.id ?? '';
  await world.move(along);
  await world.announce(ended(old, DAY, successor.id));
  world.clock.set('2026-01-20T01:00:00Z');
});
afterAll(() => world.stop());

test('unread messages, contact and preferences go where the officer goes', async () => {
  const { notifications } = world.as(along);
  const { messages } = await notifications.listMessages({ unreadOnly: true });
  expect(messages.map(({ id }) => id)).toEqual([messageId, agencyMessageId]);
  expect(await notifications.countUnread({})).toEqual({ count: 2 });
  const { preferences, contact } = await notifications.getPreferences({});
  expect(contact?.email).toMatch(/@xa\.example$/);
  expect(preferences?.topics.find(({ topic }) => topic === Topic.TASK_ASSIGNED)?.channels).toContain(
    MessageChannel.EMAIL,
  );
  await world.publishAndWait(dossierEvents(successor, 'H61.2-260120-0001').assigned(along));
  const rows = await world.db.query({
    text: `select channel, agency_id from notification
            where recipient_id = $1 and dossier_code = 'H61.2-260120-0001' order by channel`,
    values: [along.id],
  });
  expect(rows).toEqual([
    { channel: MessageChannel.IN_APP, agency_id: successor.id },
    { channel: MessageChannel.EMAIL, agency_id: successor.id },
  ]);
});

test("messages to the agency itself are read by the successor's people, who mark them", async () => {
  const { notifications } = world.as(leader);
  const { messages } = await notifications.listMessages({});
  expect(messages.map(({ id }) => id)).toEqual([agencyMessageId]);
  expect(await notifications.markRead({ messageIds: [agencyMessageId, messageId] })).toEqual({ marked: 1 });
});

test('a caller with the name of an agency has none of its messages', async () => {
  const { notifications } = world.as({ id: successor.id, agencyId: province.id, roles: ['system'] });
  const named = world.as({ id: old.id, agencyId: province.id, roles: ['system'] }).notifications;
  for (const one of [notifications, named]) {
    expect((await one.listMessages({})).messages).toEqual([]);
    expect(await one.countUnread({})).toEqual({ count: 0 });
    expect(await one.markRead({ messageIds: [agencyMessageId] })).toEqual({ marked: 0 });
  }
});

const changes: [string, (client: AgencyClient) => Promise<unknown>][] = [
  ['SetContact', ({ notifications }) => notifications.setContact({ contact: { email: 'a@b.example' } })],
  ['SetPreferences', ({ notifications }) => notifications.setPreferences({ preferences: {} })],
  ['SetAgencyPreferences', ({ notifications }) => notifications.setAgencyPreferences({ preferences: {} })],
  ['SetAgencyEndpoint', ({ notifications }) => notifications.setAgencyEndpoint({ url: '' })],
  ['MarkRead', ({ notifications }) => notifications.markRead({ messageIds: [messageId] })],
];

test.each(changes)(
  '%s by an agency that has ended is refused, and names the successor',
  async (_, change) => {
    const client = world.as({ id: 'lãnh đạo', agencyId: old.id, roles: ['leader'] });
    const error = await change(client).catch((cause: unknown) => cause);
    expect(error).toMatchObject({
      reason: 'AGENCY_ENDED',
      metadata: { ended_on: DAY, successor_id: successor.id },
    });
    expect((await client.notifications.listMessages({})).messages.map(({ id }) => id)).toEqual([
      agencyMessageId,
    ]);
  },
);

test.each(changes)('%s by an officer who is relieved is refused', async (_, change) => {
  const left = officer({ agencyId: successor.id, fullName: 'Đỗ Văn Đi', roles: ['leader'] });
  await world.appoint(left);
  await change(world.as(left));
  await world.relieve(left, DAY);
  expect(await refusalOf(change(world.as(left)))).toMatchObject({
    code: 'PERMISSION_DENIED',
    reason: 'OFFICER_NOT_IN_POSITION',
  });
});

test('an administrator who is relieved replays no parked events', async () => {
  const left = officer({ agencyId: successor.id, fullName: 'Vũ Thị Quản', roles: ['admin'] });
  await world.appoint(left);
  const { operations } = world.as({ id: left.id, agencyId: '', roles: ['admin'] });
  const parked = { service: 'notification', consumer: 'dossiers' };
  expect(await operations.replayParkedEvents(parked)).toEqual({ replayed: 0n, stillParked: 0n });
  await world.relieve(left, DAY);
  expect(await refusalOf(operations.replayParkedEvents(parked))).toMatchObject({
    code: 'PERMISSION_DENIED',
    reason: 'OFFICER_NOT_IN_POSITION',
  });
});

test('the receiver and preferences of an agency end with it, and the successor is notified once', async () => {
  const ending = agency({ code: 'H61.3', name: 'Ủy ban nhân dân phường 9' });
  const head = officer({ agencyId: ending.id, fullName: 'Phạm Thị Hoa', roles: ['leader'] });
  await world.announce(ending);
  await world.appoint(head);
  await world.as(head).notifications.setAgencyPreferences({ preferences: {} });
  await world.db.query({
    text: `insert into agency_endpoint (agency_id, url, secret, origin, changed_at)
           values ($1, 's1.test.x', 's1.test.x', 'https://mot-cua.example.vn', now())`,
    values: [ending.id],
  });
  await world.announce(ended(ending, '2026-01-21', successor.id));
  const notified = async () =>
    (await world.as(leader).notifications.listMessages({})).messages.filter(
      ({ topic }) => topic === Topic.SETTINGS_ENDED,
    );
  expect(await notified()).toEqual([]);
  world.clock.set('2026-01-21T01:00:00Z');
  await vi.waitFor(async () => expect(await notified()).toHaveLength(1), 20_000);
  expect(await notified()).toMatchObject([
    {
      title: 'Thiết lập thông báo của Ủy ban nhân dân Phường 9 đã kết thúc',
      body: expect.stringContaining(
        'hệ thống nhận https://mot-cua.example.vn đã kết thúc cùng cơ quan từ ngày 21/01/2026',
      ),
    },
  ]);
  const left = await world.db.query({
    text: `select from agency_endpoint where agency_id = $1
           union all select from preference where owner_kind = 2 and owner_id = $1::text`,
    values: [ending.id],
  });
  expect(left).toEqual([]);
});
