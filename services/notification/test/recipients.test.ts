import { setTimeout } from 'node:timers/promises';
import { AssignmentKind } from '@lienthong/contracts/casework';
import { Priority, Topic } from '@lienthong/contracts/notification';
import { DeliveryStatus } from '@lienthong/contracts/routing';
import { agency, appointed, ended, officer } from '@lienthong/reference-data/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { documentEvents, dossierEvents } from './support/events.ts';
import { province } from './support/province.ts';
import { openWorld, type World } from './support/world.ts';

let world: World;
let people: Awaited<ReturnType<typeof province>>;
beforeAll(async () => {
  world = await openWorld();
  people = await province(world);
});
afterAll(() => world.stop());

let codes = 0;
const nextCode = () => {
  codes += 1;
  return `H61.29542-260115-${String(codes).padStart(4, '0')}`;
};

/** The in-app messages about a dossier or document: "recipient topic". */
async function messagesAbout(by: { code?: string; documentId?: string }): Promise<string[]> {
  const rows = await world.db.query<{ recipient_id: string; topic: number }>({
    text: `select recipient_id, topic from notification
            where channel = 1 and (dossier_code = $1 or document_id = $2)`,
    values: [by.code ?? '-', by.documentId ?? '-'],
  });
  const names = new Map<string, string>([
    [people.head.id, 'head'],
    [people.clerk.id, 'clerk'],
    [people.expert.id, 'expert'],
    [people.sender.id, 'sender'],
  ]);
  return rows.map((row) => `${names.get(row.recipient_id) ?? row.recipient_id} ${row.topic}`).sort();
}

type Dossier = ReturnType<typeof dossierEvents>;
test.each<[string, (dossier: Dossier) => ReturnType<Dossier['near']>, string[]]>([
  ['a task is assigned', (d) => d.assigned(people.expert), ['expert 1']],
  ['a task is handed over', (d) => d.assigned(people.expert, AssignmentKind.HANDED_OVER), ['expert 1']],
  ['a task is taken up', (d) => d.assigned(people.expert, AssignmentKind.CLAIMED), []],
  ['a task is free again', (d) => d.released(people.expert, people.head), ['head 11']],
  ['a task is free again at an agency without a head', (d) => d.released(people.expert), ['head 11']],
  [
    'a task is returned to who had it',
    (d) => d.assigned(people.expert, AssignmentKind.RETURNED),
    ['expert 1'],
  ],
  ['a citizen hands files in', (d) => d.handedIn(people.expert), ['expert 16']],
  ['a citizen hands files in and nobody is named', (d) => d.handedIn(), ['head 16']],
  ['a citizen hands another file in within the hour', (d) => d.handedIn(undefined, ''), []],
  ['a deadline of an assignee comes near', (d) => d.near(people.expert), ['expert 2']],
  ['a deadline without an officer comes near', (d) => d.near(), ['head 2']],
  ['a deadline passes', (d) => d.passed(people.expert), ['expert 3']],
  ['an overdue task is escalated to the head', (d) => d.escalated(people.head), ['head 4']],
  ['a consultation was not answered', (d) => d.unanswered(people.head), ['head 5']],
  ['a payment is to be given back', (d) => d.surplus(people.expert), ['expert 20']],
  ['a payment is to be given back by an agency', (d) => d.surplus(), ['head 20']],
  ['a dossier without a follower is accepted', (d) => d.accepted(), []],
])('%s', async (_, event, expected) => {
  const code = nextCode();
  const dossier = dossierEvents(people.commune, code);
  await world.publishAndWait(dossier.lodged(), event(dossier));
  expect(await messagesAbout({ code })).toEqual(expected);
});

test('the officers who come to the successor are notified of what moves there, however late it is known', async () => {
  const successor = agency({ code: 'H61.29543', name: 'Xã Kế thừa', parentId: people.province.id });
  const clerk = officer({ agencyId: successor.id, fullName: 'Võ Thị Em', roles: ['clerk'] });
  await world.announce(successor);
  const document = documentEvents(people.province, [people.commune]);
  await world.publishAndWait(...document.issued());
  const locked = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  // The service cannot apply the directory's events for a while, but those of routing.
  const held = world.db.transaction(async (tx) => {
    await tx.query({ text: `select 1 from consumer_cursor where source = 'directory' for update` });
    locked.resolve();
    await release.promise;
  });
  await locked.promise;
  await world.publish(appointed(clerk), document.rerouted(0, successor));
  await setTimeout(500);
  release.resolve();
  await held;
  await expect
    .poll(() => messagesAbout({ documentId: document.id }), { timeout: 20_000 })
    .toContain(`${clerk.id} 7`);
});

test('the head gets the messages of an officer who has left', async () => {
  const left = officer({ agencyId: people.commune.id, fullName: 'Đỗ Văn Đi', validTo: '2026-01-01' });
  await world.appoint(left);
  const code = nextCode();
  await world.publishAndWait(dossierEvents(people.commune, code).passed(left));
  expect(await messagesAbout({ code })).toEqual(['head 3']);
});

test('documents: clerks and leaders of who receives, and of who sent when it is refused', async () => {
  const document = documentEvents(people.province, [people.commune]);
  await world.publishAndWait(...document.issued());
  expect(await messagesAbout({ documentId: document.id })).toEqual(['clerk 7', 'head 7']);
  await world.publishAndWait(document.reported(0, DeliveryStatus.REFUSED));
  expect(await messagesAbout({ documentId: document.id })).toEqual(['clerk 7', 'head 7', 'sender 6']);
  const { messages } = await world.as(people.sender).notifications.listMessages({});
  expect(messages).toMatchObject([{ topic: Topic.DOCUMENT_REFUSED, documentId: document.id }]);
  expect(messages[0]?.body).toContain('Không đúng thẩm quyền');
  expect(`${messages[0]?.title} ${messages[0]?.body}`).toContain('12/KH-UBND');
});

test('an urgent document is urgent', async () => {
  const document = documentEvents(people.province, [people.commune], { urgency: 2 });
  await world.publishAndWait(...document.issued());
  const { messages } = await world.as(people.clerk).notifications.listMessages({ pageSize: 1 });
  expect(messages).toMatchObject([{ priority: Priority.URGENT, documentId: document.id }]);
});

test('an agency without known officers is itself the recipient; those who act for it read the message', async () => {
  const empty = agency({ code: 'H61.29551', name: 'Ủy ban nhân dân xã Vắng' });
  await world.announce(empty);
  const document = documentEvents(people.province, [empty]);
  await world.publishAndWait(...document.issued());
  const anyone = { id: 'văn thư', agencyId: empty.id, roles: ['clerk'] };
  const { messages } = await world.as(anyone).notifications.listMessages({});
  expect(messages).toMatchObject([{ topic: Topic.DOCUMENT_RECEIVED, documentId: document.id }]);
});

test('the successor gets the messages of an agency that has ended', async () => {
  const old = agency({ code: 'H61.29560', name: 'Ủy ban nhân dân xã Cũ' });
  const heir = agency({ code: 'H61.29561', name: 'Ủy ban nhân dân xã Mới' });
  const clerk = officer({ agencyId: heir.id, fullName: 'Võ Thị Hoa', roles: ['clerk'] });
  await world.announce(ended(old, '2026-01-01', heir.id), heir);
  await world.appoint(clerk);
  const document = documentEvents(people.province, [old]);
  await world.publishAndWait(...document.issued());
  const { messages } = await world.as(clerk).notifications.listMessages({});
  expect(messages).toMatchObject([{ documentId: document.id }]);
});

test('an agency is notified of its suspended webhook', async () => {
  const webhookId = crypto.randomUUID();
  await world.publishAndWait({
    type: 'lienthong.feed.v1.WebhookSuspended',
    payload: {
      webhookId,
      agencyId: people.commune.id,
      origin: 'https://xa.example',
      description: '',
      failingSince: new Date(),
      lastError: '500',
    },
    aggregateId: webhookId,
    version: 1,
    agencyCode: 'H61',
    agencyId: people.commune.id,
  });
  const { messages } = await world.as(people.clerk).notifications.listMessages({ pageSize: 1 });
  expect(messages).toMatchObject([{ topic: Topic.WEBHOOK_SUSPENDED, priority: Priority.URGENT }]);
  expect(messages[0]?.body).toContain('https://xa.example: 500');
});

test('in-app messages: newest first, counted, read once, each their own', async () => {
  const reader = officer({ agencyId: people.commune.id, fullName: 'Bùi Văn Đọc' });
  await world.appoint(reader);
  const client = world.as(reader);
  const dossier = dossierEvents(people.commune, nextCode());
  await world.publishAndWait(dossier.assigned(reader), dossier.near(reader), dossier.passed(reader));
  const first = await client.notifications.listMessages({ pageSize: 2 });
  const rest = await client.notifications.listMessages({ pageSize: 2, pageToken: first.nextPageToken });
  const all = [...first.messages, ...rest.messages];
  expect(all.map(({ topic }) => topic)).toEqual([Topic.OVERDUE, Topic.DEADLINE_NEAR, Topic.TASK_ASSIGNED]);
  expect(rest.nextPageToken).toBe('');
  expect(await client.notifications.countUnread({})).toEqual({ count: 3 });
  const messageIds = [all[0]?.id ?? ''];
  // Another officer cannot.
  expect(await world.as(people.clerk).notifications.markRead({ messageIds })).toEqual({ marked: 0 });
  expect(await client.notifications.markRead({ messageIds })).toEqual({ marked: 1 });
  expect(await client.notifications.markRead({ messageIds })).toEqual({ marked: 0 });
  const unread = await client.notifications.listMessages({ unreadOnly: true });
  expect(unread.messages.map(({ topic }) => topic)).toEqual([Topic.DEADLINE_NEAR, Topic.TASK_ASSIGNED]);
  expect(await client.notifications.markRead({})).toEqual({ marked: 2 });
  expect(await client.notifications.countUnread({})).toEqual({ count: 0 });
});
