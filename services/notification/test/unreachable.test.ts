import { MessageChannel, NotificationState, Topic } from '@lienthong/contracts/notification';
import { officer } from '@lienthong/reference-data/testing';
import { freePort } from '@lienthong/testkit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { dossierEvents } from './support/events.ts';
import { province } from './support/province.ts';
import { openWorld, type World } from './support/world.ts';

const WAIT = 20_000;
const MAIL_TOKEN = 'token-of-the-mail-server';
const SECRET = 'ABCDEFGHJKMN';
const { SENT, FAILED } = NotificationState;

let world: World;
let people: Awaited<ReturnType<typeof province>>;
let receipts: string;
beforeAll(async () => {
  const port = await freePort();
  receipts = `http://127.0.0.1:${port}/receipts/mail`;
  world = await openWorld({ RECEIPT_LISTEN: `127.0.0.1:${port}`, MAIL_RECEIPT_SECRET: MAIL_TOKEN });
  people = await province(world);
});
afterAll(() => world.stop());

const mailsTo = (to: string) => world.post.mails.filter((mail) => mail.to === to);
const mails = async (recipientId: string) => {
  const { notifications } = await world.admin.notificationOperations.listNotifications({
    recipientId,
    channel: MessageChannel.EMAIL,
  });
  return notifications.map(({ state }) => state);
};

/** A delivery status notification about the newest mail to an address. */
async function bounce(to: string, status: string, why: string) {
  const original = mailsTo(to).at(-1)?.raw.split('\r\n\r\n')[0] ?? '';
  const mail = [
    'Message-ID: <1@mail.xa.example>',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    ...['', '--b', 'Content-Type: message/delivery-status', '', 'Reporting-MTA: dns; mail.xa.example', ''],
    ...[`Final-Recipient: rfc822; ${to}`, 'Action: failed', `Status: ${status}`],
    ...[
      `Diagnostic-Code: smtp; ${why}`,
      '',
      '--b',
      'Content-Type: text/rfc822-headers',
      '',
      original,
      '--b--',
    ],
  ].join('\r\n');
  const headers = { authorization: `Bearer ${MAIL_TOKEN}` };
  const response = await fetch(receipts, { method: 'POST', body: mail, headers });
  return (await response.json()) as { applied: number };
}

async function newOfficer(email: string) {
  const one = officer({ agencyId: people.commune.id, fullName: 'Người Nhận' });
  await world.appoint(one);
  await world.as(one).notifications.setContact({ contact: { email, phone: '' } });
  return one;
}
type Officer = Awaited<ReturnType<typeof newOfficer>>;
const noticesOf = async (one: Officer) => {
  const { messages } = await world.as(one).notifications.listMessages({});
  return messages.filter(({ topic }) => topic === Topic.CONTACT_UNREACHABLE);
};
const failedAt = async (one: Officer) => (await world.as(one).notifications.getPreferences({})).emailFailedAt;

let codes = 0;
const newDossier = () => {
  codes += 1;
  return dossierEvents(people.commune, `H61.29542-260115-${String(codes).padStart(4, '0')}`, SECRET);
};

test('an address that bounces gets no further mail, and its officer is notified in the application', async () => {
  const email = 'het@xa.example';
  const one = await newOfficer(email);
  const dossier = newDossier();
  await world.publishAndWait(dossier.assigned(one));
  await vi.waitFor(async () => expect(await mails(one.id)).toEqual([SENT]), WAIT);
  expect(await bounce(email, '5.1.1', '550 5.1.1 user unknown')).toMatchObject({ applied: 1 });
  expect(await failedAt(one)).toEqual(world.clock.now());
  const [notice, ...more] = await noticesOf(one);
  expect(more).toEqual([]);
  expect(notice?.body).toContain('h•••@xa.example của Ông/Bà không đến được');

  await world.publishAndWait(dossier.near(one));
  expect(await mails(one.id)).toEqual([FAILED]);
  // The same bounce again changes nothing.
  await bounce(email, '5.1.1', '550 5.1.1 user unknown');
  expect(await noticesOf(one)).toHaveLength(1);

  world.clock.advance(1000);
  await world.as(one).notifications.setContact({ contact: { email: 'moi@xa.example', phone: '' } });
  expect(await failedAt(one)).toBeUndefined();
  await world.publishAndWait(dossier.passed(one));
  await vi.waitFor(() => expect(mailsTo('moi@xa.example')).toHaveLength(1), WAIT);
});

test('an address that the mail server refuses is marked at once; pending mails to it fail', async () => {
  const email = 'sai@xa.example';
  const one = await newOfficer(email);
  world.post.answerRecipient(email, '550 5.1.1 no such user');
  const dossier = newDossier();
  await world.publishAndWait(dossier.assigned(one), dossier.near(one));
  await vi.waitFor(async () => expect(await mails(one.id)).toEqual([FAILED, FAILED]), WAIT);
  expect(await noticesOf(one)).toHaveLength(1);
  expect(await failedAt(one)).toBeInstanceOf(Date);
});

test.each([
  ['5.2.2', '552 5.2.2 mailbox full'],
  ['5.7.1', '550 5.7.1 refused by policy'],
])('a bounce for another reason marks nothing: %s', async (status, why) => {
  const email = `day${status}@xa.example`;
  const one = await newOfficer(email);
  await world.publishAndWait(newDossier().assigned(one));
  await vi.waitFor(async () => expect(await mails(one.id)).toEqual([SENT]), WAIT);
  expect(await bounce(email, status, why)).toMatchObject({ applied: 1 });
  expect(await failedAt(one)).toBeUndefined();
  expect(await noticesOf(one)).toEqual([]);
});

test('a bounce of a mail to an earlier address does not mark the new one', async () => {
  const email = 'cu@xa.example';
  const one = await newOfficer(email);
  await world.publishAndWait(newDossier().assigned(one));
  await vi.waitFor(async () => expect(await mails(one.id)).toEqual([SENT]), WAIT);
  world.clock.advance(1000);
  await world.as(one).notifications.setContact({ contact: { email: 'sau@xa.example', phone: '' } });
  expect(await bounce(email, '5.1.1', '550 5.1.1 user unknown')).toMatchObject({ applied: 1 });
  expect(await failedAt(one)).toBeUndefined();
});

test('the officer who took a dossier in is notified that mails to its citizen bounce', async () => {
  const email = 'dan@example.vn';
  const dossier = newDossier();
  const accepted = () =>
    dossier.event('DossierAccepted', 2, { acceptedAt: new Date() }, { receiverId: people.clerk.id });
  await world.publishAndWait(dossier.lodged());
  const follow = (address: string) =>
    world.anybody.following.followDossier({
      code: dossier.code,
      secret: SECRET,
      contact: { email: address, phone: '' },
    });
  await follow(email);
  await world.publishAndWait(accepted());
  await vi.waitFor(() => expect(mailsTo(email)).toHaveLength(1), WAIT);
  await vi.waitFor(
    async () => expect(await bounce(email, '5.1.1', '550 5.1.1 user unknown')).toMatchObject({ applied: 1 }),
    WAIT,
  );
  const [notice] = await noticesOf(people.clerk);
  expect(notice).toMatchObject({ dossierCode: dossier.code });
  expect(notice?.body).toContain('d•••@example.vn');
  await world.publishAndWait(dossier.supplementRequested());
  expect(mailsTo(email)).toHaveLength(1);
  world.clock.advance(1000);
  await follow('moi@example.vn');
  await world.publishAndWait(dossier.finished());
  await vi.waitFor(() => expect(mailsTo('moi@example.vn')).toHaveLength(1), WAIT);
});
