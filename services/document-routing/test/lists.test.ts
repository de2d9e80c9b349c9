import { DeliveryStatus, SteeringType, Urgency } from '@lienthong/contracts/routing';
import { agency } from '@lienthong/reference-data/testing';
import { refusalOf } from '@lienthong/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { all, fieldRefused, openWorld, plan, say, send, type World } from './support/world.ts';

const S = DeliveryStatus;
const province = agency({ code: 'H61', name: 'Ủy ban nhân dân tỉnh' });
const reader = agency({ code: 'H61.1', name: 'Xã Một' });
const other = agency({ code: 'H61.2', name: 'Xã Hai' });

let world: World;
/** Ids by a word that only one document has. */
const ids: Record<string, string> = {};

beforeAll(async () => {
  world = await openWorld();
  await world.announce(province, reader, other);
  const documents = [
    { word: 'lụt', type: 'CĐ', urgency: Urgency.FLASH, statuses: [] },
    { word: 'Hòa', type: 'KH', urgency: Urgency.NORMAL, statuses: [S.ARRIVED, S.ACCEPTED] },
    { word: 'đất', type: 'QĐ', urgency: Urgency.URGENT, statuses: [S.ARRIVED] },
    {
      word: 'thuế',
      type: 'QĐ',
      urgency: Urgency.NORMAL,
      statuses: [S.ARRIVED, S.REFUSED],
      steering: SteeringType.DIRECTIVE,
      dueOn: '2026-12-01',
    },
    { word: 'họp', type: 'GM', urgency: Urgency.NORMAL, statuses: [] },
  ];
  for (const { word, statuses, ...more } of documents) {
    world.clock.advance(3_600_000);
    const recipients = word === 'họp' ? [reader] : [reader, other];
    const sent = await send(
      world.as(province),
      plan(recipients, { ...more, subject: `Về việc ${word} tại tỉnh`, notation: `${word}-UBND` }),
    );
    ids[word] = sent.id;
    await say(world.as(reader), sent.deliveryIds[0], ...statuses);
  }
});
afterAll(() => world.stop());

const words = (found: { document?: { id: string } | undefined }[]) =>
  found.map((one) => Object.keys(ids).find((word) => ids[word] === one.document?.id));
const inbox = async (filter: object) => words(await all(world.as(reader).inbox({ filter })));
const outbox = async (filter: object) => words(await all(world.as(province).outbox({ filter })));

test('newest first', async () => {
  expect(await inbox({})).toEqual(['họp', 'thuế', 'đất', 'Hòa', 'lụt']);
  expect(await outbox({})).toEqual(['họp', 'thuế', 'đất', 'Hòa', 'lụt']);
  expect(words(await all(world.as(other).inbox()))).toEqual(['thuế', 'đất', 'Hòa', 'lụt']);
});

describe.each([
  ['status', { statuses: [S.ARRIVED] }, ['đất'], ['đất']],
  ['several statuses', { statuses: [S.REFUSED, S.ACCEPTED] }, ['thuế', 'Hòa'], ['thuế', 'Hòa']],
  ['not yet arrived', { notYetArrived: true }, ['họp', 'lụt'], ['họp', 'thuế', 'đất', 'Hòa', 'lụt']],
  [
    'not yet arrived or refused',
    { notYetArrived: true, statuses: [S.REFUSED] },
    ['họp', 'thuế', 'lụt'],
    ['họp', 'thuế', 'đất', 'Hòa', 'lụt'],
  ],
  ['type', { types: ['QĐ', 'GM'] }, ['họp', 'thuế', 'đất'], undefined],
  ['type and status', { types: ['QĐ'], statuses: [S.ARRIVED] }, ['đất'], undefined],
  ['type in the other Unicode form', { types: ['QĐ'.normalize('NFD')] }, ['thuế', 'đất'], undefined],
  ['urgency', { urgencies: [Urgency.FLASH, Urgency.URGENT] }, ['đất', 'lụt'], undefined],
  ['steering', { steerings: [SteeringType.DIRECTIVE] }, ['thuế'], undefined],
  [
    'period',
    { sentFrom: new Date('2026-01-15T03:00:00Z'), sentTo: new Date('2026-01-15T05:00:00Z') },
    ['đất', 'Hòa'],
    undefined,
  ],
  ['text', { text: 'dat' }, ['đất'], undefined],
  ['text with marks', { text: 'ĐẤT tỉnh' }, ['đất'], undefined],
  ['text in NFD', { text: 'Hòa'.normalize('NFD') }, ['Hòa'], undefined],
  ['text with the mark elsewhere', { text: 'hoà' }, ['Hòa'], undefined],
  ['the beginning of a word', { text: 'thu' }, ['thuế'], undefined],
  ['number and notation', { text: '01/lut-ubnd' }, ['lụt'], undefined],
  ['text with the query language in it', { text: "dat' & !x:*" }, [], undefined],
  ['text and status', { text: 'tinh', statuses: [S.REFUSED] }, ['thuế'], undefined],
  ['text that is not there', { text: 'ngân sách' }, [], undefined],
])('by %s', (_, filter, received, sent) => {
  test('in the inbox', async () => expect(await inbox(filter)).toEqual(received));
  test('counted in the inbox', async () => {
    const { counts } = await world.as(reader).routing.countInbox({ filter });
    expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(received.length);
  });
  test('in the outbox', async () => expect(await outbox(filter)).toEqual(sent ?? received));
});

test('the inbox is counted by status', async () => {
  const { counts } = await world.as(reader).routing.countInbox({});
  expect(counts).toEqual([
    { status: S.UNSPECIFIED, count: 2 },
    { status: S.ARRIVED, count: 1 },
    { status: S.REFUSED, count: 1 },
    { status: S.ACCEPTED, count: 1 },
  ]);
});

test('the outbox counts deliveries by status', async () => {
  const counts = Object.fromEntries(
    (await all(world.as(province).outbox())).map((one) => [
      words([one])[0],
      one.counts.map((c) => [c.status, c.count]),
    ]),
  );
  expect(counts).toEqual({
    họp: [[S.UNSPECIFIED, 1]],
    thuế: [
      [S.UNSPECIFIED, 1],
      [S.REFUSED, 1],
    ],
    đất: [
      [S.UNSPECIFIED, 1],
      [S.ARRIVED, 1],
    ],
    Hòa: [
      [S.UNSPECIFIED, 1],
      [S.ACCEPTED, 1],
    ],
    lụt: [[S.UNSPECIFIED, 2]],
  });
});

describe('pages', () => {
  test.each([1, 2, 5])('of %i meet without gap or overlap', async (pageSize) => {
    expect(words(await all(world.as(reader).inbox({ pageSize })))).toEqual(await inbox({}));
    expect(words(await all(world.as(province).outbox({ pageSize })))).toEqual(await outbox({}));
    const statuses = { filter: { notYetArrived: true, statuses: [S.REFUSED] }, pageSize };
    expect(words(await all(world.as(reader).inbox(statuses)))).toEqual(['họp', 'thuế', 'lụt']);
  });

  test('of deliveries are by recipient code; a recipient sees its own', async () => {
    const documentId = ids.thuế;
    const codes = async (caller: typeof reader, pageSize: number) =>
      (await all(world.as(caller).deliveries({ documentId, pageSize }))).map((one) => one.addressedTo?.code);
    expect(await codes(province, 1)).toEqual(['H61.1', 'H61.2']);
    expect(await codes(reader, 50)).toEqual(['H61.1']);
  });

  test('of another list, another filter or nowhere are refused', async () => {
    const { routing } = world.as(reader);
    const { nextPageToken: pageToken } = await routing.listInbox({ pageSize: 1 });
    const refused = fieldRefused('page_token', 'PAGE_TOKEN_INVALID');
    expect(await refusalOf(routing.listInbox({ pageToken: 'mã lạ' }))).toEqual(refused);
    expect(await refusalOf(routing.listInbox({ pageToken, filter: { text: 'dat' } }))).toEqual(refused);
    expect(await refusalOf(routing.listOutbox({ pageToken }))).toEqual(refused);
    expect(await refusalOf(world.as(other).routing.listInbox({ pageToken }))).toEqual(refused);
    // Sealed: what a token holds can neither be read nor changed.
    const forged = Buffer.from(pageToken, 'base64url');
    forged[15] = (forged[15] as number) ^ 1;
    const token = forged.toString('base64url');
    expect(await refusalOf(routing.listInbox({ pageToken: token }))).toEqual(refused);
    expect(await refusalOf(routing.listInbox({ pageSize: 201 }))).toEqual(
      fieldRefused('page_size', 'PAGE_SIZE_INVALID'),
    );
  });
});
