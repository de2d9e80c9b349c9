import { setTimeout } from 'node:timers/promises';
import { connectAgency } from '@lienthong/client';
import { Language, MessageChannel, Topic } from '@lienthong/contracts/notification';
import { createSealer, reasonPlace } from '@lienthong/kit';
import { refusalOf } from '@lienthong/testkit';
import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { dossierEvents } from './support/events.ts';
import { province } from './support/province.ts';
import { openWorld, type World } from './support/world.ts';

let world: World;
let people: Awaited<ReturnType<typeof province>>;
beforeAll(async () => {
  world = await openWorld({ NOTIFICATION_DOSSIER_URL: 'https://dvc.example.vn/?ma={code}' });
  people = await province(world);
});
afterAll(() => world.stop());

const WAIT = 20_000;
const SECRET = 'ABCDEFGHJKMN';
let codes = 0;
async function lodged() {
  codes += 1;
  const code = `H61.29542-260115-${String(codes).padStart(4, '0')}`;
  const dossier = dossierEvents(people.commune, code, SECRET);
  await world.publishAndWait(dossier.lodged());
  return { code, dossier };
}
const notificationsOf = async (dossierCode: string) =>
  (await world.admin.notificationOperations.listNotifications({ dossierCode })).notifications;
const following = () => world.anybody.following;
const mailsTo = (to: string) => world.post.mails.filter((mail) => mail.to === to);
/** Time passes until they have come: what was attempted while the post was closed is due again later. */
const mailed = (to: string, count: number) =>
  vi.waitFor(
    () => {
      world.clock.advance(1_000);
      expect(mailsTo(to)).toHaveLength(count);
    },
    { timeout: WAIT, interval: 50 },
  );

test('a citizen who follows a dossier gets each new status, and nothing else', async () => {
  const { code, dossier } = await lodged();
  const email = 'dan@example.vn';
  // As copied from the receipt.
  await following().followDossier({
    code: ` ${code.toLowerCase()} `,
    secret: 'abcd efgh jkmn',
    contact: { email, phone: '' },
  });
  await world.publishAndWait(
    dossier.accepted(),
    dossier.assigned(people.expert),
    dossier.near(people.expert),
    dossier.supplementRequested(),
  );
  await mailed(email, 3);
  const { notifications } = await world.admin.notificationOperations.listNotifications({
    dossierCode: code,
    channel: MessageChannel.EMAIL,
  });
  expect(notifications.map(({ topic, recipientId }) => [topic, recipientId])).toEqual(
    Array(3).fill([Topic.DOSSIER_STATUS, '']),
  );
});

test('a dossier from another system notifies nobody of its past, and is followed from then on', async () => {
  codes += 1;
  const code = `H61.29542-260115-${String(codes).padStart(4, '0')}`;
  const dossier = dossierEvents(people.commune, code, SECRET);
  await world.publishAndWait(dossier.imported(people.expert));
  expect(await notificationsOf(code)).toEqual([]);
  const email = 'chuyen@example.vn';
  await following().followDossier({ code, secret: SECRET, contact: { email, phone: '' } });
  await world.publishAndWait(dossier.supplementRequested());
  await mailed(email, 1);
});

test('a refusal is mailed with its reason, which no table has in clear', async () => {
  const { code, dossier } = await lodged();
  const email = 'tu.choi@example.vn';
  await following().followDossier({ code, secret: SECRET, contact: { email, phone: '' } });
  const sealer = createSealer(world.env.LIENTHONG_SEALING_KEYS ?? '');
  const reason = 'Thiếu giấy chứng sinh của trẻ';
  const sealedReason = sealer.seal(reason, reasonPlace(dossier.id));
  const officers = { receiverId: people.clerk.id, solverId: people.expert.id };
  await world.post.close();
  await world.publishAndWait(
    dossier.event('TaskClosed', 3, { task: undefined, results: [] }, officers),
    dossier.event('DossierRefused', 3, { at: new Date(), sealedReason }, officers),
  );
  const rows = await world.db.query<{ content: string }>({
    text: 'select content::text as content from notification where recipient_id = $1',
    values: [dossier.id],
  });
  expect(rows).toHaveLength(1);
  expect(rows[0]?.content).not.toContain('chứng sinh');
  await world.post.open();
  await mailed(email, 1);
  const { text = '' } = await simpleParser(mailsTo(email)[0]?.raw ?? '');
  for (const part of [
    'không được tiếp nhận',
    `Lý do: ${reason}`,
    `người tiếp nhận: ${people.clerk.fullName}`,
    `người giải quyết: ${people.expert.fullName}`,
    `https://dvc.example.vn/?ma=${code}`,
  ])
    expect(text).toContain(part);
  expect(text).not.toContain(SECRET);
});

test('events that are read again notify nobody again', async () => {
  const { code, dossier } = await lodged();
  const email = 'lai@example.vn';
  await following().followDossier({ code, secret: SECRET, contact: { email, phone: '' } });
  await world.publishAndWait(dossier.accepted(), dossier.supplementRequested());
  await mailed(email, 2);
  // The consumer begins at the first event again.
  await world.db.query({ text: `update consumer_cursor set position = 0 where name = 'dossiers'` });
  await world.publishAndWait(dossier.finished());
  await mailed(email, 3);
  const rows = await world.db.query({
    text: 'select topic from notification where recipient_id = $1',
    values: [dossier.id],
  });
  expect(rows).toHaveLength(3);
});

test('without following there is no message; after unfollowing there is no further one', async () => {
  const { code, dossier } = await lodged();
  const email = 'thoi@example.vn';
  await world.publishAndWait(dossier.accepted());
  const contact = { email, phone: '' };
  await following().followDossier({ code, secret: SECRET, contact });
  await world.post.close();
  await world.publishAndWait(dossier.supplementRequested());
  await following().unfollowDossier({ code, secret: SECRET });
  await world.post.open();
  world.clock.advance(3_600_000);
  await world.publishAndWait(dossier.finished());
  const rows = await world.db.query({
    text: 'select state from notification where recipient_id = $1 and state in (1, 2)',
    values: [dossier.id],
  });
  expect(rows).toEqual([]);
  expect(mailsTo(email)).toEqual([]);
  expect(
    await world.db.query({ text: 'select 1 from follower where dossier_id = $1', values: [dossier.id] }),
  ).toEqual([]);
});

test('following again replaces the contact and the language', async () => {
  const { code, dossier } = await lodged();
  for (const [email, language] of [
    ['cu@example.vn', Language.VI],
    ['moi@example.vn', Language.EN],
  ] as const)
    await following().followDossier({ code, secret: SECRET, contact: { email, phone: '' }, language });
  await world.publishAndWait(dossier.accepted());
  await mailed('moi@example.vn', 1);
  expect(mailsTo('cu@example.vn')).toEqual([]);
  expect(mailsTo('moi@example.vn')[0]?.raw).toMatch(/^content-language: en/im);
});

test('a citizen who is ahead of the events has not tried a wrong secret', async () => {
  const code = 'H61.29542-260115-0900';
  const contact = { email: 'som@example.vn', phone: '' };
  const published = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const held = world.db.transaction(async (tx) => {
    await tx.query({ text: `select 1 from consumer_cursor where source = 'casework' for update` });
    await world.publish(dossierEvents(people.commune, code, SECRET).lodged());
    published.resolve();
    await released.promise;
  });
  await published.promise;
  const [head] = await world.db.query<{ position: number }>({
    text: 'select position from source_casework.event_head',
  });
  const early = connectAgency({ address: world.running().address, after: `casework=${head?.position}` });
  onTestFinished(() => early.close());
  const followed = early.following.followDossier({ code, secret: SECRET, contact });
  await setTimeout(300);
  released.resolve();
  await held;
  await followed;
  for (let n = 0; n < 9; n += 1)
    await refusalOf(following().unfollowDossier({ code, secret: 'WRONGWRONGWR' }));
  await following().followDossier({ code, secret: SECRET, contact });
});

test('a wrong secret and an unknown code are answered alike, and not too often', async () => {
  const { code } = await lodged();
  const contact = { email: 'ai@example.vn', phone: '' };
  const wrong = { code, secret: 'WRONGWRONGWR', contact };
  const unknown = { code: 'H61.29542-260115-9999', secret: SECRET, contact };
  const refused = { code: 'NOT_FOUND', reason: 'DOSSIER_NOT_FOUND', violations: [] };
  expect(await refusalOf(following().followDossier(wrong))).toEqual(refused);
  expect(await refusalOf(following().followDossier(unknown))).toEqual(refused);
  for (let n = 0; n < 9; n += 1) await refusalOf(following().unfollowDossier(wrong));
  expect(await refusalOf(following().followDossier({ code, secret: SECRET, contact }))).toMatchObject({
    reason: 'TRIED_TOO_OFTEN',
  });
});

test.each([
  [{ email: 'không phải', phone: '' }, 'contact.email EMAIL_INVALID'],
  [{ email: 'a@b.vn\r\nbcc: c@d.vn', phone: '' }, 'contact.email EMAIL_INVALID'],
  [{ email: '', phone: '0912 34567' }, 'contact.phone PHONE_INVALID'],
  [{ email: '', phone: '' }, 'contact.email FIELD_REQUIRED'],
  [undefined, 'contact FIELD_REQUIRED'],
  [{ email: 'a@b.vn', phone: '' }, 'contact.phone FIELD_REQUIRED', MessageChannel.SMS],
  [{ email: '', phone: '0912345678' }, 'contact.email FIELD_REQUIRED', MessageChannel.EMAIL],
  [{ email: 'a@b.vn', phone: '' }, 'channel CHANNEL_NOT_FOR_CITIZENS', MessageChannel.WEBHOOK],
])(
  'contact %j is refused',
  async (contact, violation, channel: MessageChannel = MessageChannel.UNSPECIFIED) => {
    const refusal = await refusalOf(
      following().followDossier({ code: 'H61-1', secret: SECRET, contact, channel }),
    );
    expect(refusal).toMatchObject({ code: 'INVALID_ARGUMENT', violations: [violation] });
  },
);

test.each(['NFC', 'NFD'] as const)('an address with marks, typed in %s, is one address', async (form) => {
  const { code, dossier } = await lodged();
  const email = `hòa.${form.toLowerCase()}@vídụ.example`;
  await following().followDossier({
    code,
    secret: SECRET,
    contact: { email: email.normalize(form), phone: '' },
  });
  await world.publishAndWait(dossier.accepted());
  const local = `hòa.${form.toLowerCase()}@`.normalize('NFC');
  await vi.waitFor(
    () => expect(world.post.mails.filter(({ to }) => to.startsWith(local))).toHaveLength(1),
    WAIT,
  );
});

test('no contact is in any table in clear, nor in a reply to another caller', async () => {
  const { code, dossier } = await lodged();
  const [email, phone] = ['bi.mat@example.vn', '0987 654 321'];
  world.post.answer(email, `451 ${email} too many connections`);
  await following().followDossier({ code, secret: SECRET, contact: { email, phone } });
  await world.as(people.expert).notifications.setContact({ contact: { email, phone } });
  await world.publishAndWait(dossier.accepted(), dossier.near(people.expert));
  await vi.waitFor(async () => {
    const rows = await world.db.query<{ n: number }>({
      text: `select count(*)::int as n from attempt where answer like '%•••%'`,
    });
    expect(rows[0]?.n).toBeGreaterThanOrEqual(1);
  }, WAIT);
  const tables = await world.db.query<{ table_schema: string; table_name: string }>({
    text: `select table_schema, table_name from information_schema.tables
            where table_schema in ('notification', 'source_casework') and table_type = 'BASE TABLE'`,
  });
  expect(tables.length).toBeGreaterThan(10);
  for (const { table_schema: schema, table_name: table } of tables) {
    const rows = await world.db.query<{ row: string }>({
      text: `select t::text as row from ${schema}.${table} t
              where t::text like '%bi.mat%' or t::text like '%987654321%'
                 or t::text like '%' || encode('bi.mat', 'hex') || '%'
                 or t::text like '%' || encode('987654321', 'hex') || '%'`,
    });
    expect({ table, rows }).toEqual({ table, rows: [] });
  }
  const { contact } = await world.as(people.expert).notifications.getPreferences({});
  expect(contact).toEqual({ email: 'b•••@example.vn', phone: '+84•••321' });
});
