import { randomBytes } from 'node:crypto';
import { MessageChannel, NotificationState } from '@lienthong/contracts/notification';
import { createSealer } from '@lienthong/kit';
import { officer } from '@lienthong/reference-data/testing';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { saveOfficerContact } from '../src/store/contacts.ts';
import { dossierEvents } from './support/events.ts';
import { province } from './support/province.ts';
import { openWorld, type World } from './support/world.ts';

const { PENDING, SENT, DELIVERED, FAILED, DIGESTED } = NotificationState;
const { IN_APP, EMAIL, SMS } = MessageChannel;
const WAIT = 20_000;
const DAY_MS = 86_400_000;

let world: World;
beforeEach(async () => {
  world = await openWorld({ NOTIFICATION_KEEP_DAYS: '30', NOTIFICATION_CLEANUP_MS: '50' });
});
afterEach(() => world.stop());

/** Messages of some days ago with one attempt each, to an unknown recipient; resolves to their ids. */
async function messages(
  count: number,
  state: NotificationState,
  daysOld: number,
  channel: MessageChannel = EMAIL,
) {
  const rows = await world.db.query<{ id: string }>({
    text: `with written as (
             insert into notification (id, event_id, recipient_kind, recipient_id, topic, channel, priority, state,
                                       language, dossier_code, document_id, content, created_at, due_at, quiet, digest,
                                       template_key, attempts, failures)
             select gen_random_uuid(), gen_random_uuid(), 1, 'nobody', 1, $1, 2, $2, 1, '', '', '{}', $3, $4, false,
                    false, 'task-assigned/email/vi', 1, 1
               from generate_series(1, $5::int) returning id, created_at),
           attempted as (
             insert into attempt (notification_id, number, at, duration_ms, answer)
             select id, 1, created_at, 1, '250' from written)
           select id from written`,
    values: [
      channel,
      state,
      new Date(world.clock.now().getTime() - daysOld * DAY_MS).toISOString(),
      new Date(world.clock.now().getTime() + DAY_MS).toISOString(),
      count,
    ],
  });
  return rows.map(({ id }) => id);
}
const count = async (text: string) => {
  const [row] = await world.db.query<{ n: number }>({ text: `select count(*)::int as n from ${text}` });
  return row?.n;
};

test('old messages are deleted with their attempts, in batches; pending ones never', async () => {
  const old: string[] = [];
  for (const [n, state] of [
    [1_100, SENT],
    [5, DELIVERED],
    [5, FAILED],
    [5, DIGESTED],
  ] as const)
    old.push(...(await messages(n, state, 31)));
  // As old, but still pending.
  const waiting = await messages(3, PENDING, 31);
  old.push(...(await messages(5, SENT, 31, IN_APP)));
  const young = await messages(4, SENT, 29);
  await vi.waitFor(async () => expect(await count('notification')).toBe(7), WAIT);
  const kept = await world.db.query<{ id: string }>({ text: 'select id from notification' });
  expect(new Set(kept.map(({ id }) => id))).toEqual(new Set([...waiting, ...young]));
  expect(await count('attempt')).toBe(7);
  expect(old).toHaveLength(1_120);
  // A day later nothing more; two days later the young ones.
  world.clock.advance(DAY_MS / 2);
  expect(await count('notification')).toBe(7);
  world.clock.advance(2 * DAY_MS);
  await vi.waitFor(
    async () => expect(await count("notification where state <> 1 and recipient_id = 'nobody'")).toBe(0),
    WAIT,
  );
});

test('a citizen’s contact is forgotten once it is old and the dossier has ended, not while a message is pending', async () => {
  const people = await province(world);
  const secret = 'ABCDEFGHJKMN';
  const follow = async (n: number) => {
    const code = `H61.29542-260115-000${n}`;
    const dossier = dossierEvents(people.commune, code, secret);
    await world.publishAndWait(dossier.lodged());
    const contact = { email: `dan.${n}@example.vn`, phone: '' };
    await world.anybody.following.followDossier({ code, secret, contact });
    return dossier;
  };
  const [over, open, waiting] = [await follow(1), await follow(2), await follow(3)];
  world.post.answer('dan.3@example.vn', '451 later');
  await world.publishAndWait(over.refused(), open.accepted(), waiting.refused());
  await vi.waitFor(() => expect(world.post.mails).toHaveLength(2), WAIT);
  const followed = async () =>
    (await world.db.query<{ dossier_id: string }>({ text: 'select dossier_id from follower' }))
      .map(({ dossier_id: id }) => id)
      .sort();
  expect(await followed()).toHaveLength(3);
  world.clock.advance(31 * DAY_MS);
  await vi.waitFor(async () => expect(await followed()).toEqual([open.id, waiting.id].sort()), WAIT);
  world.post.answer('dan.3@example.vn', undefined);
  world.clock.advance(DAY_MS);
  await vi.waitFor(async () => expect(await followed()).toEqual([open.id]), WAIT);
  expect(world.post.mails.map(({ to }) => to)).toContain('dan.3@example.vn');
});

test('everything that failed is sent again in bounded steps, the oldest first', async () => {
  const ids = await messages(1_003, FAILED, 1, SMS);
  const { notificationOperations: operations } = world.admin;
  const requestId = crypto.randomUUID();
  const first = await operations.resendFailed({ requestId, channel: SMS });
  expect(first).toEqual({ resent: 1_000, more: true });
  expect(await operations.resendFailed({ requestId, channel: SMS })).toEqual(first);
  const left = await world.db.query<{ id: string }>({
    text: 'select id from notification where state = 4 order by n',
  });
  expect(left.map(({ id }) => id)).toEqual(ids.slice(1_000));
  expect(await operations.resendFailed({ channel: EMAIL })).toEqual({ resent: 0, more: false });
  expect(await operations.resendFailed({})).toEqual({ resent: 3, more: false });
  expect(await operations.resendFailed({})).toEqual({ resent: 0, more: false });
  expect(await count('notification where round = 1 and state = 1')).toBe(1_003);
});

test('contacts and secrets are resealed with a new key, until the old one can be removed', async () => {
  const people = await province(world);
  const officers = [
    people.expert,
    ...Array.from({ length: 9 }, () => officer({ agencyId: people.commune.id, fullName: 'Cán Bộ' })),
  ];
  await world.appoint(...officers.slice(1));
  for (const [i, one] of officers.entries())
    await world.as(one).notifications.setContact({
      contact: { email: `canbo.${i}@xa.example`, phone: i % 2 ? '' : `+8491234567${i}` },
    });
  const dossier = dossierEvents(people.commune, 'H61.29542-260115-0001', 'ABCDEFGHJKMN');
  await world.publishAndWait(dossier.lodged());
  await world.anybody.following.followDossier({
    code: 'H61.29542-260115-0001',
    secret: 'ABCDEFGHJKMN',
    contact: { email: 'dan@example.vn', phone: '' },
  });
  const old = world.env.LIENTHONG_SEALING_KEYS as string;
  const newKeys = `new-1:${randomBytes(32).toString('base64')}`;
  const outdated = async () =>
    (await world.admin.notificationOperations.getChannelStatus({})).sealedWithOlderKeys;
  expect(await outdated()).toBe(0n);
  await world.restart({ LIENTHONG_SEALING_KEYS: `${newKeys},${old}`, NOTIFICATION_CLEANUP_MS: '86400000' });
  await vi.waitFor(async () => expect(await outdated()).toBe(0n), WAIT);
  expect(await count(`officer_contact where sealing_key = 'new-1'`)).toBe(10);
  expect(await count(`follower where sealing_key = 'new-1'`)).toBe(1);
  expect(await count(`officer_contact where concat(email, phone) like '%s1.test.%'`)).toBe(0);
  // A process with the old setting still seals with the old key: the next resealing finds it.
  await world.db.transaction(async (tx) =>
    saveOfficerContact(
      tx,
      createSealer(old),
      people.clerk.id,
      { email: 'cu@xa.example', phone: '' },
      new Date(),
    ),
  );
  expect(await outdated()).toBe(1n);
  await world.restart({ LIENTHONG_SEALING_KEYS: `${newKeys},${old}` });
  await vi.waitFor(async () => expect(await outdated()).toBe(0n), WAIT);
  // Without the old key all still get their messages.
  await world.restart({ LIENTHONG_SEALING_KEYS: newKeys });
  await world.publishAndWait(dossier.assigned(people.expert), dossier.assigned(people.clerk));
  await vi.waitFor(
    () =>
      expect(world.post.mails.map(({ to }) => to).sort()).toEqual([
        'canbo.0@xa.example',
        'cu@xa.example',
        'dan@example.vn',
      ]),
    WAIT,
  );
});

test('a contact whose key was lost delays no other: its message waits, the others are sent and resealed', async () => {
  const people = await province(world);
  const lost = createSealer(`lost:${randomBytes(32).toString('base64')}`);
  const [bad, good] = [people.clerk, people.expert];
  await world.as(good).notifications.setContact({ contact: { email: 'doc@xa.example', phone: '' } });
  await world.db.transaction(async (tx) =>
    saveOfficerContact(tx, lost, bad.id, { email: 'mat@xa.example', phone: '' }, new Date()),
  );
  const newKeys = `new-1:${randomBytes(32).toString('base64')},${world.env.LIENTHONG_SEALING_KEYS}`;
  await world.restart({ LIENTHONG_SEALING_KEYS: newKeys });
  const dossier = dossierEvents(people.commune, 'H61.29542-260115-0001');
  await world.publishAndWait(dossier.assigned(bad), dossier.assigned(good));
  await vi.waitFor(() => expect(world.post.mails.map(({ to }) => to)).toEqual(['doc@xa.example']), WAIT);
  const { notificationOperations: operations } = world.admin;
  await vi.waitFor(async () => {
    const { notifications } = await operations.listNotifications({ recipientId: bad.id, channel: EMAIL });
    expect(notifications).toMatchObject([{ state: PENDING, attempts: [{ accepted: false }] }]);
    expect(notifications[0]?.attempts[0]?.answer).toContain('no sealing key opens');
  }, WAIT);
  await vi.waitFor(
    async () => expect((await operations.getChannelStatus({})).sealedWithOlderKeys).toBe(1n),
    WAIT,
  );
  expect(await count(`officer_contact where sealing_key = 'new-1'`)).toBe(1);
  // Its owner sees no contact, sets it again, and gets the message.
  const { notifications } = world.as(bad);
  expect((await notifications.getPreferences({})).contact).toEqual({ email: '', phone: '' });
  await notifications.setContact({ contact: { email: 'moi@xa.example', phone: '' } });
  world.clock.advance(60_000);
  await vi.waitFor(() => expect(world.post.mails.at(-1)?.to).toBe('moi@xa.example'), WAIT);
  expect((await operations.getChannelStatus({})).sealedWithOlderKeys).toBe(0n);
});
