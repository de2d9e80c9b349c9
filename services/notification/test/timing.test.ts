import type { Officer } from '@lienthong/contracts/directory';
import {
  type DeepPartial,
  Language,
  MessageChannel,
  NotificationState,
  type Preferences,
  Topic,
} from '@lienthong/contracts/notification';
import { decidedYear, officer } from '@lienthong/reference-data/testing';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { documentEvents, dossierEvents } from './support/events.ts';
import { province } from './support/province.ts';
import { openWorld, type World } from './support/world.ts';

let world: World;
let people: Awaited<ReturnType<typeof province>>;
beforeEach(async () => {
  world = await openWorld();
  people = await province(world);
});
afterEach(() => world.stop());

const WAIT = 20_000;
const { EMAIL, IN_APP } = MessageChannel;

async function wishing(email: string, preferences: DeepPartial<Preferences>): Promise<Officer> {
  const one = officer({ agencyId: people.commune.id, fullName: 'Người Nhận' });
  await world.appoint(one);
  const { notifications } = world.as(one);
  await notifications.setContact({ contact: { email, phone: '' } });
  await notifications.setPreferences({ preferences });
  return one;
}
const dossier = () => dossierEvents(people.commune, 'H61.29542-260115-0001');
const planned = () =>
  world.db.query<{ topic: number; state: number; due_at: Date }>({
    text: 'select topic, state, due_at from notification where channel = 2 order by n',
  });
const vn = (local: string) => new Date(`${local}:00+07:00`);

test('quiet hours: at night only urgent messages, the others when the office opens', async () => {
  const one = await wishing('quiet@xa.example', { quietOutsideOfficeHours: true });
  // Friday evening.
  world.clock.set('2026-01-16T20:00:00+07:00');
  const d = dossier();
  await world.publishAndWait(d.near(one), d.escalated(one));
  await vi.waitFor(() => expect(world.post.mails).toHaveLength(1), WAIT);
  expect(await planned()).toMatchObject([
    { topic: Topic.DEADLINE_NEAR, due_at: vn('2026-01-19T07:00') },
    { topic: Topic.ESCALATION, due_at: vn('2026-01-16T20:00') },
  ]);
  world.clock.set('2026-01-19T07:00:00+07:00');
  await vi.waitFor(() => expect(world.post.mails).toHaveLength(2), WAIT);
});

test('quiet hours go by the decided days off', async () => {
  const one = await wishing('tet@xa.example', { quietOutsideOfficeHours: true });
  await world.decideYears(decidedYear(2026, ['2026-01-19', '2026-01-20']));
  world.clock.set('2026-01-16T20:00:00+07:00');
  await world.publishAndWait(dossier().near(one));
  expect(await planned()).toMatchObject([{ due_at: vn('2026-01-21T07:00') }]);
});

test('Tết: messages of the eve wait for the first working day, urgent ones do not; then in order', async () => {
  const one = await wishing('tetnguyendan@xa.example', { quietOutsideOfficeHours: true });
  // Bính Ngọ begins on 17 February 2026; with the weekends nine days off.
  await world.decideYears(
    decidedYear(2026, ['2026-02-16', '2026-02-17', '2026-02-18', '2026-02-19', '2026-02-20']),
  );
  world.clock.set('2026-02-13T18:30:00+07:00');
  const d = dossier();
  await world.publishAndWait(d.assigned(one), d.near(one));
  world.clock.set('2026-02-17T00:00:00+07:00');
  await world.publishAndWait(d.passed(one), d.escalated(one));
  await vi.waitFor(() => expect(world.post.mails).toHaveLength(1), WAIT);
  const opening = { due_at: vn('2026-02-23T07:00') };
  expect(await planned()).toMatchObject([
    opening,
    opening,
    opening,
    { topic: Topic.ESCALATION, due_at: vn('2026-02-17T00:00') },
  ]);
  world.clock.set('2026-02-23T06:59:00+07:00');
  await world.publishAndWait(dossier().escalated(one));
  await vi.waitFor(() => expect(world.post.mails).toHaveLength(2), WAIT);
  world.clock.set('2026-02-23T07:00:00+07:00');
  await vi.waitFor(() => expect(world.post.mails).toHaveLength(5), WAIT);
  const topics = new Map(
    (await world.db.query<{ id: string; topic: number }>({ text: 'select id, topic from notification' })).map(
      ({ id, topic }) => [id, topic],
    ),
  );
  expect(world.post.mails.map(({ id }) => topics.get(id))).toEqual([
    Topic.ESCALATION,
    Topic.ESCALATION,
    Topic.TASK_ASSIGNED,
    Topic.DEADLINE_NEAR,
    Topic.OVERDUE,
  ]);
});

test('quiet hours keep the holidays fixed by law in a year without a decision', async () => {
  const one = await wishing('le@xa.example', { quietOutsideOfficeHours: true });
  // 30 April and 1 May 2026 are Thursday and Friday.
  world.clock.set('2026-04-29T17:30:00+07:00');
  await world.publishAndWait(dossier().near(one));
  expect(await planned()).toMatchObject([{ due_at: vn('2026-05-04T07:00') }]);
});

test('a digest across Tết: collected all the days, one mail when the office opens', async () => {
  const one = await wishing('tonghop@xa.example', {
    topics: [{ topic: Topic.DEADLINE_NEAR, channels: [EMAIL], digest: true }],
    digestAt: '16:00',
    quietOutsideOfficeHours: true,
  });
  await world.decideYears(
    decidedYear(2026, ['2026-02-16', '2026-02-17', '2026-02-18', '2026-02-19', '2026-02-20']),
  );
  for (const at of ['2026-02-13T17:30', '2026-02-16T09:00', '2026-02-19T23:00']) {
    world.clock.set(`${at}:00+07:00`);
    await world.publishAndWait(dossier().near(one));
  }
  expect(world.post.mails).toEqual([]);
  world.clock.set('2026-02-23T16:00:00+07:00');
  await vi.waitFor(() => expect(world.post.mails).toHaveLength(1), WAIT);
  // The mail has arrived before the attempt is recorded.
  await vi.waitFor(async () => {
    const { notifications } = await world.admin.notificationOperations.listNotifications({ channel: EMAIL });
    expect(notifications.map(({ state }) => state).sort()).toEqual([
      NotificationState.SENT,
      NotificationState.DIGESTED,
      NotificationState.DIGESTED,
      NotificationState.DIGESTED,
    ]);
  }, WAIT);
});

test('an outage that ends at night sends nothing before the morning', async () => {
  const one = await wishing('night@xa.example', { quietOutsideOfficeHours: true });
  await world.post.close();
  await world.publishAndWait(dossier().near(one));
  const { notificationOperations: operations } = world.admin;
  await vi.waitFor(async () => {
    const { channels } = await operations.getChannelStatus({});
    expect(channels[1]).toMatchObject({ circuitOpen: true });
  }, WAIT);
  await world.post.open();
  world.clock.set('2026-01-15T22:00:00+07:00');
  await vi.waitFor(
    async () => expect(await planned()).toMatchObject([{ due_at: vn('2026-01-16T07:00'), state: 1 }]),
    WAIT,
  );
  expect(world.post.mails).toEqual([]);
  world.clock.set('2026-01-16T07:00:00+07:00');
  await vi.waitFor(() => expect(world.post.mails).toHaveLength(1), WAIT);
});

test('a digest: collected and sent as one at its time; urgent ones at once', async () => {
  const one = await wishing('digest@xa.example', {
    topics: [Topic.TASK_ASSIGNED, Topic.DEADLINE_NEAR, Topic.ESCALATION].map((topic) => ({
      topic,
      channels: [EMAIL],
      digest: true,
    })),
    digestAt: '16:00',
  });
  const d = dossier();
  await world.publishAndWait(d.assigned(one), d.near(one), d.escalated(one));
  await vi.waitFor(() => expect(world.post.mails).toHaveLength(1), WAIT);
  const { notificationOperations: operations } = world.admin;
  world.clock.set('2026-01-15T16:00:00+07:00');
  await vi.waitFor(() => expect(world.post.mails).toHaveLength(2), WAIT);
  const { notifications } = await operations.listNotifications({ channel: EMAIL });
  const byTopic = new Map(notifications.map((sent) => [sent.topic, sent]));
  expect(byTopic.get(Topic.TASK_ASSIGNED)?.state).toBe(NotificationState.DIGESTED);
  expect(byTopic.get(Topic.DEADLINE_NEAR)?.state).toBe(NotificationState.DIGESTED);
  expect(byTopic.get(Topic.UNSPECIFIED)?.templateKey).toBe('digest/email/vi');
  expect(byTopic.get(Topic.UNSPECIFIED)?.id).toBe(world.post.mails[1]?.id);
});

test('a digest of one is the message itself', async () => {
  const one = await wishing('one@xa.example', {
    topics: [{ topic: Topic.TASK_ASSIGNED, channels: [EMAIL], digest: true }],
  });
  await world.publishAndWait(dossier().assigned(one));
  world.clock.set('2026-01-16T08:00:00+07:00');
  await vi.waitFor(() => expect(world.post.mails).toHaveLength(1), WAIT);
  await vi.waitFor(
    async () => expect(await planned()).toMatchObject([{ topic: Topic.TASK_ASSIGNED, state: 2 }]),
    WAIT,
  );
});

test('the agency’s preferences apply to officers without own ones; own preferences come first', async () => {
  await world.as(people.head).notifications.setAgencyPreferences({
    preferences: { topics: [{ topic: Topic.TASK_ASSIGNED, channels: [] }], language: Language.EN },
  });
  const silent = officer({ agencyId: people.commune.id, fullName: 'Im Lặng' });
  await world.appoint(silent);
  await world.as(silent).notifications.setContact({ contact: { email: 'silent@xa.example', phone: '' } });
  const withOwn = await wishing('withOwn@xa.example', {
    topics: [{ topic: Topic.TASK_ASSIGNED, channels: [EMAIL] }],
  });
  const d = dossier();
  await world.publishAndWait(d.assigned(silent), d.assigned(withOwn));
  await vi.waitFor(() => expect(world.post.mails.map(({ to }) => to)).toEqual(['withOwn@xa.example']), WAIT);
  const found = await world.as(silent).notifications.getPreferences({});
  expect(found.contact).toEqual({ email: 's•••@xa.example', phone: '' });
  expect(found.preferences).toMatchObject({ language: Language.EN, digestAt: '08:00' });
  expect(found.preferences?.topics[0]).toEqual({
    topic: Topic.TASK_ASSIGNED,
    channels: [IN_APP],
    digest: false,
  });
  const { messages } = await world.as(silent).notifications.listMessages({});
  expect(messages).toHaveLength(1);
  expect(messages[0]?.title).not.toMatch(/việc|hồ sơ/i);
});

test('a directive: its agency is reminded one working day before each date, once, and not when it has answered', async () => {
  const document = documentEvents(people.province, [people.commune, people.province], {
    dueOn: '2026-01-19',
    tasks: [{ content: 'Rà soát thủ tục', dueOn: '2026-01-21' }],
  });
  await world.publishAndWait(...document.issued(), document.answered(1));
  const dates = async () =>
    (
      await world.db.query<{ text: string; recipient_id: string }>({
        text: `select title || ' ' || body as text, recipient_id from notification
                where topic = 8 and channel = 1 order by n`,
      })
    ).map(({ text, recipient_id }) => [
      /\d\d\/\d\d\/2026/.exec(text)?.[0] ?? '',
      /Rà soát thủ tục/.exec(text)?.[0] ?? '',
      recipient_id,
    ]);
  expect(await dates()).toEqual([]);
  // Friday: the working day before Monday, the 19th.
  world.clock.set('2026-01-16T07:00:00+07:00');
  const both = (dueOn: string, task: string) =>
    [people.head.id, people.clerk.id].sort().map((id) => [dueOn, task, id]);
  const bySecond = (rows: string[][]) => rows.toSorted((a, b) => (a.join() < b.join() ? -1 : 1));
  await vi.waitFor(async () => expect(bySecond(await dates())).toEqual(both('19/01/2026', '')), WAIT);
  world.clock.set('2026-01-20T07:00:00+07:00');
  await vi.waitFor(
    async () =>
      expect(bySecond(await dates())).toEqual([
        ...both('19/01/2026', ''),
        ...both('21/01/2026', 'Rà soát thủ tục'),
      ]),
    WAIT,
  );
  expect(await world.db.query({ text: 'select 1 from reminder' })).toEqual([]);
});
