import type { Officer } from '@lienthong/contracts/directory';
import { MessageChannel, NotificationState, Topic } from '@lienthong/contracts/notification';
import { officer } from '@lienthong/reference-data/testing';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { dossierEvents } from './support/events.ts';
import { province } from './support/province.ts';
import { openWorld, type World } from './support/world.ts';

let world: World;
let people: Awaited<ReturnType<typeof province>>;
beforeEach(async () => {
  world = await openWorld();
  people = await province(world);
});
afterEach(() => world.stop());

const CODE = 'H61.29542-260115-0001';
const WAIT = 20_000;

/** A new officer with an address. */
async function withMail(email: string): Promise<Officer> {
  const one = officer({ agencyId: people.commune.id, fullName: 'Người Nhận' });
  await world.appoint(one);
  await world.as(one).notifications.setContact({ contact: { email, phone: '' } });
  return one;
}
const states = async () =>
  (await world.admin.notificationOperations.listNotifications({ channel: MessageChannel.EMAIL }))
    .notifications;
const taken = (to: string) => world.post.mails.filter((mail) => mail.to === to);

test('one mail and one in-app message; the same event read again causes no other', async () => {
  const one = await withMail('an@xa.example');
  const event = dossierEvents(people.commune, CODE).assigned(one);
  await world.publishAndWait(event);
  await vi.waitFor(() => expect(taken('an@xa.example')).toHaveLength(1), WAIT);
  const [sent] = await vi.waitFor(async () => {
    const found = await states();
    expect(found).toMatchObject([{ state: NotificationState.SENT }]);
    return found;
  }, WAIT);
  expect(sent).toMatchObject({
    topic: Topic.TASK_ASSIGNED,
    recipientId: one.id,
    dossierCode: CODE,
    templateKey: 'task-assigned/email/vi',
    templateVersion: 1,
    attempts: [{ number: 1, accepted: true }],
  });
  expect(taken('an@xa.example')[0]?.id).toBe(sent?.id);
  // The consumer's cursor is lost: every event comes again.
  await world.db.query({ text: `update consumer_cursor set position = 0 where source = 'casework'` });
  await world.publishAndWait(dossierEvents(people.commune, 'H61.29542-260115-0002').assigned(one));
  await vi.waitFor(() => expect(taken('an@xa.example')).toHaveLength(2), WAIT);
  expect((await states()).map(({ dossierCode }) => dossierCode)).toEqual(['H61.29542-260115-0002', CODE]);
});

test('a mail is refused for a time: retried later, then taken; every attempt is kept', async () => {
  const one = await withMail('later@xa.example');
  world.post.answer('later@xa.example', '451 later@xa.example is busy');
  await world.publishAndWait(dossierEvents(people.commune, CODE).assigned(one));
  const [waiting] = await vi.waitFor(async () => {
    const found = await states();
    expect(found[0]?.attempts[0]?.nextAt).toBeDefined();
    return found;
  }, WAIT);
  expect(waiting).toMatchObject({ state: NotificationState.PENDING, attempts: [{ accepted: false }] });
  expect(waiting?.attempts[0]?.answer).toContain('•••');
  world.post.answer('later@xa.example', undefined);
  world.clock.advance(60_000);
  await vi.waitFor(async () => {
    const [sent] = await states();
    expect(sent).toMatchObject({ state: NotificationState.SENT, attempts: [{ number: 1 }, { number: 2 }] });
  }, WAIT);
  expect(taken('later@xa.example')).toHaveLength(1);
});

test('a mail refused for good has failed: it is listed, and an operator resends one or all', async () => {
  const addresses = ['a@xa.example', 'b@xa.example', 'c@xa.example'];
  const officers: Officer[] = [];
  for (const address of addresses) {
    officers.push(await withMail(address));
    world.post.answer(address, '550 no such user');
  }
  const dossier = dossierEvents(people.commune, CODE);
  await world.publishAndWait(...officers.map((one) => dossier.assigned(one)));
  const { notificationOperations: operations } = world.admin;
  const failed = await vi.waitFor(async () => {
    const { notifications } = await operations.listNotifications({ states: [NotificationState.FAILED] });
    expect(notifications).toHaveLength(3);
    return notifications;
  }, WAIT);
  for (const address of addresses) world.post.answer(address, undefined);
  const notificationId = failed[2]?.id ?? '';
  const requestId = crypto.randomUUID();
  await operations.resendNotification({ requestId, notificationId });
  await vi.waitFor(() => expect(world.post.mails).toHaveLength(1), WAIT);
  await vi.waitFor(async () => {
    const { notification } = await operations.getNotification({ notificationId });
    expect(notification).toMatchObject({ state: NotificationState.SENT, attempts: [{}, { accepted: true }] });
  }, WAIT);
  // The same request sends nothing more.
  await operations.resendNotification({ requestId, notificationId });
  expect(await operations.resendFailed({ channel: MessageChannel.EMAIL })).toEqual({
    resent: 2,
    more: false,
  });
  await vi.waitFor(() => expect(world.post.mails).toHaveLength(3), WAIT);
  expect(world.post.mails.map(({ to }) => to).sort()).toEqual(addresses);
});

test('a provider down for hours: nothing is lost, few probes are made, and batches double when it is back', async () => {
  const officers: Officer[] = [];
  for (let n = 0; n < 10; n += 1) officers.push(await withMail(`down.${n}@xa.example`));
  await world.post.close();
  const dossiers = Array.from({ length: 30 }, (_, i) =>
    dossierEvents(people.commune, `H61.29542-260115-${String(i + 1).padStart(4, '0')}`).assigned(
      officers[i % 10] as Officer,
    ),
  );
  await world.publishAndWait(...dossiers);
  const { notificationOperations: operations } = world.admin;
  const email = async () => {
    const { channels } = await operations.getChannelStatus({});
    return channels.find(({ channel }) => channel === MessageChannel.EMAIL);
  };
  await vi.waitFor(
    async () => expect(await email()).toMatchObject({ circuitOpen: true, pending: 30n }),
    WAIT,
  );
  for (let hour = 0; hour < 5; hour += 1) {
    const before = (await email())?.nextTryAt;
    world.clock.advance(3_600_000);
    await vi.waitFor(async () => expect((await email())?.nextTryAt).not.toEqual(before), WAIT);
  }
  const attempts = await world.db.query<{ n: number }>({ text: 'select count(*)::int as n from attempt' });
  // One message probed it each time, not thirty.
  expect(attempts[0]?.n).toBeLessThan(20);
  await world.post.open();
  world.clock.advance(3_600_000);
  await vi.waitFor(() => expect(world.post.mails).toHaveLength(30), WAIT);
  await vi.waitFor(
    async () => expect(await email()).toMatchObject({ circuitOpen: false, pending: 0n }),
    WAIT,
  );
  const sent = Map.groupBy(world.post.mails, ({ to }) => to);
  expect(new Set(world.post.mails.map(({ id }) => id)).size).toBe(30);
  // To each in the order they were planned.
  const planned = await world.db.query<{ id: string; recipient_id: string }>({
    text: 'select id, recipient_id from notification where channel = 2 order by n',
  });
  officers.forEach(({ id }, n) => {
    const ids = planned.filter((row) => row.recipient_id === id).map((row) => row.id);
    expect(sent.get(`down.${n}@xa.example`)?.map((mail) => mail.id)).toEqual(ids);
  });
});

test('urgent messages go first', async () => {
  const one = await withMail('first@xa.example');
  await world.post.close();
  const dossier = dossierEvents(people.commune, CODE);
  await world.publishAndWait(dossier.assigned(one), dossier.near(one), dossier.escalated(one));
  const { notificationOperations: operations } = world.admin;
  await vi.waitFor(async () => {
    const { channels } = await operations.getChannelStatus({});
    expect(channels[1]).toMatchObject({ circuitOpen: true });
  }, WAIT);
  await world.post.open();
  world.clock.advance(3_600_000);
  await vi.waitFor(() => expect(world.post.mails).toHaveLength(3), WAIT);
  const topics = new Map((await states()).map(({ id, topic }) => [id, topic]));
  expect(world.post.mails.map(({ id }) => topics.get(id))).toEqual([
    Topic.ESCALATION,
    Topic.TASK_ASSIGNED,
    Topic.DEADLINE_NEAR,
  ]);
});
