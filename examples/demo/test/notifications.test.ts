import { AssignmentKind, DossierStatus, TaskState } from '@lienthong/contracts/casework';
import { Topic } from '@lienthong/contracts/notification';
import { expect, test } from 'vitest';
import type { ReceivedEvent } from '../src/notifications/compare.ts';
import { concerning, type Payload, type Recorded } from '../src/notifications/concerned.ts';
import { type Facts, streamDifferences, webhookDifferences } from '../src/notifications/feed.ts';
import type { Mail } from '../src/notifications/mails.ts';
import {
  caseDifferences,
  dueToCitizen,
  mailDifferences,
  messageDifferences,
  readMail,
} from '../src/notifications/mails.ts';
import type { Citizen, Person } from '../src/notifications/people.ts';
import { openReceiver } from '../src/notifications/webhook-receiver.ts';

const CODE = 'H61.29542-250421-0001';
const MERGER = 'lienthong.directory.v1.ReorganisationEnacted';

function recorded(version: number, type: string, status: DossierStatus, more: object = {}): Recorded {
  const dossier = { id: 'd', code: CODE, intakeAgencyId: 'ward', holderId: 'ward', status };
  const payload = { dossier, ...more } as unknown as Payload;
  return { id: `event-${version}`, type: `lienthong.casework.v1.${type}`, version, payload };
}
const task = (agencyId: string, state: TaskState) => ({
  task: { number: 1, agency: { agencyId }, state, assigneeId: 'officer' },
});

const record = [
  recorded(1, 'DossierLodged', DossierStatus.ACCEPTED),
  recorded(2, 'TaskOpened', DossierStatus.ACCEPTED, task('department', TaskState.OPEN)),
  recorded(3, 'TaskAssigned', DossierStatus.IN_PROGRESS, {
    ...task('department', TaskState.OPEN),
    kind: AssignmentKind.ASSIGNED,
  }),
  recorded(4, 'SupplementRequested', DossierStatus.SUPPLEMENT_REQUESTED),
  recorded(5, 'OverdueEscalated', DossierStatus.IN_PROGRESS, { officerId: 'head', agencyId: 'ward' }),
  recorded(6, 'TaskClosed', DossierStatus.IN_PROGRESS, task('department', TaskState.COMPLETED)),
  recorded(7, 'DossierFinished', DossierStatus.FINISHED),
];
const records = new Map([['d', record]]);

const received = (all: readonly Recorded[]): ReceivedEvent[] =>
  all.map(({ id, type, version }) => ({ id, type, subject: 'dossier/d', sequence: version }));
const delivered: ReceivedEvent = {
  id: 'sent',
  type: 'lienthong.routing.v1.DeliverySent',
  subject: 'delivery/1',
  sequence: 1,
};
const merged: ReceivedEvent = { id: 'merged', type: MERGER, subject: 'reorganisation/1', sequence: 1 };
const all = [delivered, ...received(record), merged];
const facts: Facts = {
  agencyId: 'ward',
  documents: new Map([['delivery/1', 1]]),
  records,
  everybody: new Map([[MERGER, 1]]),
};

test('a dossier concerns who took it in, and others while they have work in it', () => {
  const versions = (agencyId: string) => concerning(agencyId, record).map(({ version }) => version);
  expect(versions('ward')).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(versions('department')).toEqual([2, 3, 4, 6]);
  expect(versions('another')).toEqual([]);
});

test('what was followed agrees with what story', () => {
  expect(streamDifferences(all, all, facts)).toEqual([]);
});

test.each<[string, ReceivedEvent[], RegExp[]]>([
  ['an event of a dossier lost', all.toSpliced(3, 1), [/^followed: .*TaskAssigned.* missing once$/]],
  ['an event of a delivery lost', all.slice(1), [/^followed: .*DeliverySent.* missing once$/]],
  ['an event received twice', [...all, merged], [/^followed: .*ReorganisationEnacted.* came once too many$/]],
  [
    'two in another order',
    all.with(2, all[3] as ReceivedEvent).with(3, all[2] as ReceivedEvent),
    [/in place of/],
  ],
])('%s is noticed', (_, events, messages) => {
  const differences = streamDifferences(events, all, facts);
  for (const message of messages) expect(differences).toContainEqual(expect.stringMatching(message));
});

test('it is noticed by what story, too, when the pages lack the same', () => {
  const lost = all.toSpliced(3, 1);
  expect(streamDifferences(lost, lost, facts)).toEqual(['followed: dossiers: event-3 is missing once']);
  const silent = all.slice(1, -1);
  expect(streamDifferences(silent, silent, facts)).toEqual([
    'followed: documents: delivery/1 is missing once',
    `followed: 0 events ${MERGER}, should be 1`,
  ]);
  const foreign = [...all, { ...delivered, id: 'not-its-own', subject: 'delivery/2' }];
  expect(streamDifferences(foreign, foreign, facts)).toEqual([
    'followed: documents: delivery/2 came once too many',
  ]);
});

test('of a webhook the order of subjects counts, and between them none', () => {
  const apart = [...received(record), delivered, merged];
  expect(webhookDifferences(apart, all, facts)).toEqual([]);
  expect(webhookDifferences(apart.slice(1), all, facts)).not.toEqual([]);
  const swapped = all.with(2, all[3] as ReceivedEvent).with(3, all[2] as ReceivedEvent);
  expect(webhookDifferences(swapped, all, facts)).toEqual([expect.stringMatching(/came after 3$/)]);
});

const person = (officerId: string, noMailOf: Topic[] = []): Person => ({
  officerId,
  agencyId: 'ward',
  head: officerId === 'head',
  client: undefined as never,
  email: `${officerId}@vinhlong.example`,
  noMailOf: new Set(noMailOf),
});
const citizen: Citizen = {
  dossierId: 'd',
  email: 'cong-dan@nguoi-dan.example',
  version: 2,
  status: DossierStatus.ACCEPTED,
};
const inboxes = {
  records,
  persons: [person('officer'), person('head')],
  citizens: [citizen],
  documents: new Map([['head', ['01/KH-UBND']]]),
};

let letters = 0;
function letter(to: string, subject: string): Mail {
  letters += 1;
  return { messageId: `<${letters}@vinhlong.example>`, to: [to], subject, text: '' };
}
const mails = [
  letter('officer@vinhlong.example', `Giao xử lý hồ sơ ${CODE}`),
  letter('head@vinhlong.example', `Hồ sơ ${CODE} quá hạn, cần chỉ đạo giải quyết`),
  letter('head@vinhlong.example', 'Văn bản đến: 01/KH-UBND'),
  ...['đang xử lý', 'yêu cầu bổ sung giấy tờ', 'đang xử lý', 'đã xử lý xong'].map((status) =>
    letter(citizen.email, `Hồ sơ ${CODE}: ${status}`),
  ),
];

test('a citizen is due other news than a status once for each command', () => {
  const moved = { dueAt: new Date('2025-05-09T10:00:00Z') };
  const news = (version: number, type: string, more: object = {}, dossier: object = moved) => {
    const one = recorded(version, type, DossierStatus.ACCEPTED, more);
    return {
      ...one,
      payload: { ...one.payload, dossier: { ...one.payload.dossier, ...dossier } } as Payload,
    };
  };
  const own = { changes: [{ taskNumber: 0 }] };
  const started = record.slice(0, 2);
  expect(
    dueToCitizen(citizen, [
      ...started,
      news(3, 'DossierRerouted', { to: { agencyId: 'ward' } }),
      news(4, 'DeadlinesRecomputed', own),
      news(5, 'DossierRerouted', { to: { agencyId: 'consulted' } }, {}),
      news(6, 'DeadlinesRecomputed', own, {}),
      news(7, 'DeadlineExtended'),
    ]),
  ).toEqual([Topic.DOSSIER_REROUTED, Topic.DOSSIER_RECOMPUTED, Topic.DOSSIER_EXTENDED]);
  expect(
    [
      `Hồ sơ ${CODE} được chuyển sang Ủy ban nhân dân xã Tân Hòa`,
      `Dossier ${CODE}: the deadline was computed again`,
      `Hồ sơ ${CODE}: xin lỗi và hẹn lại ngày trả kết quả`,
    ].map((subject) => readMail(letter(citizen.email, subject)).topic),
  ).toEqual([Topic.DOSSIER_REROUTED, Topic.DOSSIER_RECOMPUTED, Topic.DOSSIER_EXTENDED]);
});

test('the mails agree with what story since they were asked for', () => {
  expect(mailDifferences(mails, inboxes)).toEqual([]);
});

test.each<[string, Mail[], string]>([
  ['a lost mail', mails.slice(1), `mails: officer@vinhlong.example giao việc ${CODE} is missing once`],
  [
    "a citizen's lost mail",
    mails.slice(0, -1),
    `mails: ${citizen.email} trạng thái hồ sơ ${CODE} is missing once`,
  ],
  [
    'a mail to somebody else',
    [...mails, letter('ai-do@example.com', `Giao xử lý hồ sơ ${CODE}`)],
    `mails: ai-do@example.com giao việc ${CODE} came once too many`,
  ],
  [
    'a mail that came again under its id',
    [...mails, mails[1] as Mail],
    `Message-IDs: ${mails[1]?.messageId} came once too many`,
  ],
])('%s is noticed', (_, came, difference) => {
  expect(mailDifferences(came, inboxes)).toContain(difference);
});

test('what the people of the story know is missed whatever is recorded', () => {
  const extended = { code: CODE, conduct: 'extended' as const, did: new Set(['assign']), intakeId: 'ward' };
  expect(caseDifferences(mails, [extended], inboxes.persons)).toEqual([]);
  expect(caseDifferences(mails.slice(2), [extended], inboxes.persons)).toEqual([
    `mails: missing notification about ${CODE} (giao việc)`,
    `mails: missing notification about ${CODE} (báo cáo thủ trưởng)`,
  ]);
});

test('a person who turned mails of a topic off gets a message in the application alone', () => {
  const quiet = person('head', [Topic.ESCALATION]);
  const differences = mailDifferences(mails, { ...inboxes, persons: [person('officer'), quiet] });
  expect(differences).toEqual([`mails: head@vinhlong.example báo cáo thủ trưởng ${CODE} came once too many`]);
  expect(messageDifferences(quiet, [{ topic: Topic.ESCALATION, dossierCode: CODE }], records)).toEqual([]);
  expect(messageDifferences(quiet, [], records)).toHaveLength(1);
});

test('the receiver believes nobody who has not signed', async () => {
  const receiver = await openReceiver();
  try {
    receiver.trust(`whsec_${Buffer.alloc(32, 1).toString('base64')}`);
    const headers = { 'webhook-id': 'a', 'webhook-timestamp': '1', 'webhook-signature': 'v1,Z2nh' };
    const { status } = await fetch(receiver.url, { method: 'POST', headers, body: '{}' });
    expect(status).toBe(401);
    expect(receiver.taken).toEqual([]);
    expect(receiver.unsigned()).toBe(1);
  } finally {
    await receiver.close();
  }
});
