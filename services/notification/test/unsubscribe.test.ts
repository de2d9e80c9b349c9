import { MessageChannel, Topic } from '@lienthong/contracts/notification';
import { createSealer } from '@lienthong/kit';
import { officer } from '@lienthong/reference-data/testing';
import { freePort } from '@lienthong/testkit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { RecipientKind } from '../src/domain/recipients.ts';
import { toToken } from '../src/unsubscribe/token.ts';
import { dossierEvents } from './support/events.ts';
import { province } from './support/province.ts';
import { openWorld, type World } from './support/world.ts';

const WAIT = 20_000;
const DAY_MS = 86_400_000;
const SECRET = 'ABCDEFGHJKMN';
const ONE_CLICK = 'List-Unsubscribe=One-Click';

let world: World;
let people: Awaited<ReturnType<typeof province>>;
let server: string;
beforeAll(async () => {
  const port = await freePort();
  server = `http://127.0.0.1:${port}`;
  world = await openWorld({
    UNSUBSCRIBE_LISTEN: `127.0.0.1:${port}`,
    UNSUBSCRIBE_URL: 'https://thongbao.vinhlong.example/unsubscribe',
    MAIL_UNSUBSCRIBE_URL: 'mailto:thongbao@vinhlong.example',
  });
  people = await province(world);
});
afterAll(() => world.stop());

const mailsTo = (to: string) => world.post.mails.filter((mail) => mail.to === to);

/** The token in the headers of the newest mail to an address. */
function tokenIn(to: string): string {
  const raw = mailsTo(to).at(-1)?.raw ?? '';
  const headers = raw.slice(0, raw.indexOf('\r\n\r\n'));
  expect(headers).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click$/im);
  const [, link = ''] = /^List-Unsubscribe: <(https:\S+)>, <mailto:\S+>$/im.exec(headers) ?? [];
  const url = new URL(link);
  expect(url.origin + url.pathname).toBe('https://thongbao.vinhlong.example/unsubscribe');
  return url.searchParams.get('token') ?? '';
}

const call = async (token: string, init: RequestInit = {}) => {
  const response = await fetch(`${server}/unsubscribe?token=${encodeURIComponent(token)}`, init);
  return { status: response.status, headers: response.headers, page: await response.text() };
};
const post = (token: string, body: RequestInit['body'] = new URLSearchParams(ONE_CLICK)) =>
  call(token, { method: 'POST', body });

let numbers = 0;
async function followed() {
  numbers += 1;
  const code = `H61.29542-260115-${String(numbers).padStart(4, '0')}`;
  const email = `dan${numbers}@example.vn`;
  const dossier = dossierEvents(people.commune, code, SECRET);
  await world.publishAndWait(dossier.lodged());
  await world.anybody.following.followDossier({ code, secret: SECRET, contact: { email, phone: '' } });
  await world.publishAndWait(dossier.accepted());
  await vi.waitFor(() => expect(mailsTo(email)).toHaveLength(1), WAIT);
  return { dossier, email };
}
const follows = async (id: string) =>
  (await world.db.query({ text: 'select 1 from follower where dossier_id = $1', values: [id] })).length === 1;

test('a citizen ends the mails with one click; opening the link changes nothing', async () => {
  const [one, other] = [await followed(), await followed()];
  const token = tokenIn(one.email);
  const shown = await call(token);
  expect(shown.status).toBe(200);
  expect(shown.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(shown.headers.get('referrer-policy')).toBe('no-referrer');
  expect(shown.page).toContain('<form method="post"');
  expect(shown.page).toContain('Ngừng nhận thư');
  await call(token, { method: 'HEAD' });
  expect(await follows(one.dossier.id)).toBe(true);

  expect(await post(token)).toMatchObject({ status: 200 });
  expect(await follows(one.dossier.id)).toBe(false);
  expect(await follows(other.dossier.id)).toBe(true);
  // Readers repeat a click.
  expect(await post(token)).toMatchObject({ status: 200 });
  await world.publishAndWait(one.dossier.finished(), other.dossier.finished());
  await vi.waitFor(() => expect(mailsTo(other.email)).toHaveLength(2), WAIT);
  expect(mailsTo(one.email)).toHaveLength(1);
});

test('the page’s form, and a multipart form, end the mails too; a POST without the field does not', async () => {
  const { dossier, email } = await followed();
  const token = tokenIn(email);
  expect(await post(token, new URLSearchParams('x=y'))).toMatchObject({ status: 400 });
  expect(await follows(dossier.id)).toBe(true);
  const { page } = await call(token);
  const [, action = ''] = /action="([^"]+)"/.exec(page) ?? [];
  const form = new FormData();
  form.set('List-Unsubscribe', 'One-Click');
  const response = await fetch(new URL(action, `${server}/unsubscribe`), { method: 'POST', body: form });
  expect(response.status).toBe(200);
  expect(await follows(dossier.id)).toBe(false);
});

test('a token that is altered, of another platform or expired ends nothing', async () => {
  const { dossier, email } = await followed();
  const token = tokenIn(email);
  const subscription = { kind: RecipientKind.CITIZEN, id: dossier.id, topic: Topic.DOSSIER_STATUS };
  const now = world.clock.now();
  const stranger = createSealer(`test:${Buffer.alloc(32, 1).toString('base64')}`);
  const own = createSealer(world.env.LIENTHONG_SEALING_KEYS ?? '');
  const swapped = token.slice(0, -2) + (token.endsWith('AA') ? 'BB' : 'AA');
  const contact = own.seal(JSON.stringify([3, dossier.id, 9, now.getTime() * 2]), 'notification/other');
  for (const forged of ['', 'x', swapped, contact, toToken(subscription, stranger, now)])
    expect(await post(forged)).toMatchObject({ status: 404 });
  const old = toToken(subscription, own, new Date(now.getTime() - 401 * DAY_MS));
  expect(await post(old)).toMatchObject({ status: 410 });
  expect(await follows(dossier.id)).toBe(true);
});

test('an officer ends the mails of one topic, for themselves, and keeps the application', async () => {
  const [one, colleague] = [1, 2].map((n) =>
    officer({ agencyId: people.commune.id, fullName: `Người Nhận ${n}` }),
  ) as [ReturnType<typeof officer>, ReturnType<typeof officer>];
  await world.appoint(one, colleague);
  const mail = (who: typeof one) => `${who.id}@xa.example`;
  for (const who of [one, colleague])
    await world.as(who).notifications.setContact({ contact: { email: mail(who), phone: '' } });
  const dossier = dossierEvents(people.commune, 'H61.29542-260115-0100');
  await world.publishAndWait(dossier.assigned(one), dossier.assigned(colleague));
  await vi.waitFor(() => expect(mailsTo(mail(one))).toHaveLength(1), WAIT);
  expect(await post(tokenIn(mail(one)))).toMatchObject({ status: 200 });
  const { preferences } = await world.as(one).notifications.getPreferences({});
  const channelsOf = (topic: Topic) => preferences?.topics.find((t) => t.topic === topic)?.channels;
  expect(channelsOf(Topic.TASK_ASSIGNED)).toEqual([MessageChannel.IN_APP]);
  expect(channelsOf(Topic.OVERDUE)).toEqual([MessageChannel.IN_APP, MessageChannel.EMAIL]);

  await world.publishAndWait(dossier.assigned(one), dossier.assigned(colleague), dossier.near(one));
  await vi.waitFor(() => expect(mailsTo(mail(colleague))).toHaveLength(2), WAIT);
  await vi.waitFor(() => expect(mailsTo(mail(one))).toHaveLength(2), WAIT);
  const { messages } = await world.as(one).notifications.listMessages({});
  expect(messages.map(({ topic }) => topic)).toEqual([
    Topic.DEADLINE_NEAR,
    Topic.TASK_ASSIGNED,
    Topic.TASK_ASSIGNED,
  ]);
});
