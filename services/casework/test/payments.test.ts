import { randomUUID } from 'node:crypto';
import { LienThongError } from '@lienthong/client';
import { DossierStatus, type LodgeDossierResponse, PaymentProblemKind } from '@lienthong/contracts/casework';
import { newWebhookSecret } from '@lienthong/outbound';
import { freePort, refusalOf, refusalsOf } from '@lienthong/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { callBack, paid, startProvider, type TestProvider } from './support/payment-provider.ts';
import { fourSteps } from './support/procedures.ts';
import { sampleProvince, settle } from './support/province.ts';
import { recorded } from './support/stand-in.ts';
import { dossierOf, lodging } from './support/story.ts';
import { openWorld, type World } from './support/world.ts';

const S = DossierStatus;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NAME = 'Cổng Dịch vụ công quốc gia';
const secret = newWebhookSecret();
const oldSecret = newWebhookSecret();
const p = sampleProvince();
const building = fourSteps();

let provider: TestProvider;
let world: World;
let listen: string;
beforeAll(async () => {
  provider = await startProvider();
  listen = `127.0.0.1:${await freePort()}`;
  world = await openWorld({
    env: {
      PAYMENT_URL: provider.url,
      PAYMENT_NAME: NAME,
      PAYMENT_AUTHORIZATION: 'Bearer of-the-province',
      PAYMENT_TIMEOUT_S: '1',
      PAYMENT_RETURN_URL: 'https://dichvucong.example.vn/ho-so',
      PAYMENT_LISTEN: listen,
      PAYMENT_CALLBACK_SECRETS: `${oldSecret}, ${secret}`,
      PAYMENT_CHECK_S: '1',
    },
  });
  await settle(world, p);
  await world.publish(building);
});
afterEach(() => {
  provider.fault = undefined;
  provider.expiresAt = undefined;
  // A provider that failed is left alone for a while.
  world.clock.advance(2 * 60_000);
});
afterAll(async () => {
  await world.stop();
  await provider.stop();
});

type Receipt = Pick<LodgeDossierResponse, 'code' | 'trackingSecret' | 'dossierId'>;
const next = ({ dossierId }: Receipt) => ({ requestId: randomUUID(), dossierId });
const of = ({ code, trackingSecret }: Receipt) => ({ code, secret: trackingSecret });
const clerk = () => world.as(p.commune.clerk).casework;
const seen = ({ dossierId }: Receipt) => dossierOf(world.as(p.commune.clerk), dossierId);
const linkOf = (receipt: Receipt) => world.anybody.citizenPayments.requestPaymentLink(of(receipt));
const report = (what: object | string, more = {}) => callBack(listen, secret, what, more);

const lodge = async (): Promise<Receipt> => clerk().lodgeDossier(lodging(building));
const request = (receipt: Receipt) =>
  world.as(p.commune.officer).casework.requestPayment({
    ...next(receipt),
    amountVnd: 75_000n,
    content: 'Lệ phí cấp giấy phép',
  });

/** A dossier that waits for its payment. */
async function awaiting(): Promise<Receipt> {
  const receipt = await lodge();
  await request(receipt);
  return receipt;
}

/** The same, with a link; the id of its payment. */
async function withLink(): Promise<{ receipt: Receipt; id: string; url: string }> {
  const receipt = await awaiting();
  const { url } = await linkOf(receipt);
  return { receipt, url, id: provider.created.at(-1)?.id ?? '' };
}

const countOf = async ({ dossierId }: Receipt, kind: string) =>
  (await recorded(world, [dossierId], [kind])).get(`${dossierId} ${kind}`) ?? 0;
const problemsOf = async ({ code }: Receipt) => {
  const { problems } = await world.admin.paymentOperations.listPaymentProblems({});
  return problems.filter(({ dossierCode }) => dossierCode === code);
};

test('a citizen pays by the link of the provider, and the dossier goes on', async () => {
  const receipt = await awaiting();
  expect(await world.anybody.tracking.trackDossier(of(receipt))).toMatchObject({
    paymentDueVnd: 75_000n,
    paymentContent: 'Lệ phí cấp giấy phép',
    payableOnline: true,
    payments: [],
  });
  const link = await linkOf(receipt);
  expect(link).toMatchObject({
    url: expect.stringMatching(/^https:\/\/pay\.example\.vn\/p\/\d+$/),
    amountVnd: 75_000n,
    content: 'Lệ phí cấp giấy phép',
    provider: NAME,
  });
  const created = provider.created.at(-1);
  expect(created).toMatchObject({
    amount: 75_000,
    currency: 'VND',
    description: `Nộp phí, lệ phí hồ sơ ${receipt.code}`,
    return_url: 'https://dichvucong.example.vn/ho-so',
    headers: { authorization: 'Bearer of-the-province', 'idempotency-key': created?.id },
  });
  expect(await linkOf(receipt)).toEqual(link);
  expect(provider.created.filter(({ id }) => id === created?.id)).toHaveLength(1);

  world.clock.advance(HOUR_MS);
  const id = created?.id ?? '';
  expect(await report(paid(id))).toEqual({ status: 200, body: { result: 'recorded' } });
  const payment = {
    amountVnd: 75_000n,
    provider: NAME,
    receipt: paid(id).reference,
    at: world.clock.now(),
  };
  expect(await seen(receipt)).toMatchObject({ status: S.ACCEPTED, paymentDueVnd: 0n, payments: [payment] });
  const { entries } = await clerk().getHistory({ dossierId: receipt.dossierId });
  expect(entries.at(-1)?.text).toMatch(
    new RegExp(`^Đã nộp 75\\.000 đồng qua ${NAME}; tiếp tục tính thời hạn`),
  );
  expect(await world.anybody.tracking.trackDossier(of(receipt))).toMatchObject({
    paymentDueVnd: 0n,
    payableOnline: false,
    payments: [payment],
  });
  expect(await refusalOf(linkOf(receipt))).toMatchObject({
    code: 'FAILED_PRECONDITION',
    reason: 'PAYMENT_NOT_ASKED',
  });
});

test('citizens who ask at once get the same link', async () => {
  const receipt = await awaiting();
  const links = await Promise.all(Array.from({ length: 8 }, () => linkOf(receipt)));
  expect(new Set(links.map(({ url }) => url)).size).toBe(1);
  const ids = provider.created.filter(({ description }) => description.endsWith(receipt.code));
  expect(new Set(ids.map(({ id }) => id)).size).toBe(1);
});

test('without the right code and secret there is no link, and the provider is not asked', async () => {
  const receipt = await awaiting();
  const before = provider.created.length;
  const { requestPaymentLink } = world.anybody.citizenPayments;
  const right = of(receipt);
  const refusals = await Promise.all([
    refusalOf(requestPaymentLink({ ...right, secret: 'ABCDEFGHJKMN' })),
    refusalOf(requestPaymentLink({ ...right, code: 'H61.855.29542-260115-9999' })),
  ]);
  for (const one of refusals) expect(one).toMatchObject({ code: 'NOT_FOUND', reason: 'DOSSIER_NOT_FOUND' });
  expect(refusals[0]).toEqual(refusals[1]);
  expect(await refusalOf(linkOf(await lodge()))).toMatchObject({ reason: 'PAYMENT_NOT_ASKED' });
  expect(provider.created).toHaveLength(before);
});

describe('a provider that is not available changes nothing', () => {
  beforeAll(() => {
    provider.faultOfChecks = false;
  });
  afterAll(() => {
    provider.faultOfChecks = true;
  });

  test.each<[string, TestProvider['fault']]>([
    ['silent', 'silent'],
    ['closes the connection', 'drop'],
    ['500', { status: 500 }],
    ['429', { status: 429, headers: { 'retry-after': '40' } }],
    ['400', { status: 400 }],
    ['no JSON', { status: 200, body: '<html>' }],
    ['a link that is not https', { status: 200, body: '{"url":"http://pay.example.vn/p/1"}' }],
    ['a link that is a script', { status: 200, body: '{"url":"javascript:alert(1)"}' }],
  ])('%s', async (_, fault) => {
    const receipt = await awaiting();
    const { version } = await seen(receipt);
    provider.fault = fault;
    const error = await linkOf(receipt).catch((error: unknown) => error);
    if (!(error instanceof LienThongError)) throw error;
    expect(error.reason).toBe('PAYMENT_PROVIDER_UNAVAILABLE');
    if (typeof fault === 'object' && fault.status === 429) expect(error.retryAfterMs).toBe(40_000);
    else expect(error.retryAfterMs).toBeGreaterThan(0);
    expect((await seen(receipt)).version).toBe(version);

    provider.fault = undefined;
    world.clock.advance(2 * 60_000);
    await linkOf(receipt);
    // What the provider may have created with the first request is the same payment.
    const ids = provider.created.filter(({ description }) => description.endsWith(receipt.code));
    expect(new Set(ids.map(({ id }) => id)).size).toBe(1);
  });

  test('while it is left alone, calls fail at once and reach it no more', async () => {
    const receipt = await awaiting();
    provider.fault = { status: 503, headers: { 'retry-after': '30' } };
    await refusalOf(linkOf(receipt));
    const before = provider.created.length;
    provider.fault = undefined;
    expect(await refusalOf(linkOf(receipt))).toMatchObject({ code: 'UNAVAILABLE' });
    expect(provider.created).toHaveLength(before);
  });
});

describe('a report', () => {
  test('that is forged, malformed or of an unknown payment changes nothing', async () => {
    const { receipt, id } = await withLink();
    const { version } = await seen(receipt);
    const early = new Date(Date.now() - 10 * 60_000);
    const stranger = await callBack(listen, newWebhookSecret(), paid(id));
    expect(stranger.status).toBe(401);
    expect((await report(paid(id), { at: early })).status).toBe(401);
    expect((await report(paid(id), { headers: { 'webhook-id': 'another' } })).status).toBe(401);
    expect((await report(paid(id), { headers: { 'webhook-signature': '' } })).status).toBe(401);
    expect((await report(paid(randomUUID()))).status).toBe(404);
    expect((await report('{"id":')).status).toBe(400);
    expect((await report({ ...paid(id), status: 'done' })).status).toBe(400);
    expect((await report('x'.repeat(20_000))).status).toBe(413);
    expect((await report('', { method: 'GET' })).status).toBe(405);
    expect((await report(paid(id), { path: '/receipts' })).status).toBe(404);
    expect((await seen(receipt)).version).toBe(version);
  });

  test('may be signed with the secret before a change', async () => {
    const { receipt, id } = await withLink();
    const reply = await callBack(listen, oldSecret, paid(id));
    expect(reply.body).toEqual({ result: 'recorded' });
    expect((await seen(receipt)).payments).toHaveLength(1);
  });

  test('that comes twice, and many at once, counts once', async () => {
    const { receipt, id } = await withLink();
    const replies = await Promise.all(Array.from({ length: 12 }, () => report(paid(id))));
    for (const { status } of replies) expect(status).toBe(200);
    expect(replies.filter(({ body }) => body.result === 'recorded')).toHaveLength(1);
    expect((await report(paid(id))).body).toEqual({ result: 'ignored' });
    expect(await countOf(receipt, 'PaymentReceived')).toBe(1);
    expect(await countOf(receipt, 'SurplusPaymentReceived')).toBe(0);
    expect((await seen(receipt)).payments).toHaveLength(1);
  });

  test('of a payment made twice is a problem for an operator', async () => {
    const { receipt, id } = await withLink();
    const twice = [paid(id, 75_000, { reference: 'FT-1' }), paid(id, 75_000, { reference: 'FT-2' })];
    const results = (await Promise.all(twice.map((one) => report(one)))).map(({ body }) => body.result);
    expect(results.toSorted()).toEqual(['problem', 'recorded']);
    expect(await countOf(receipt, 'PaymentReceived')).toBe(1);
    expect(await problemsOf(receipt)).toMatchObject([{ kind: PaymentProblemKind.PAID_TWICE }]);
  });

  test('in another order than things happened: paid stays paid, and paid counts after the end', async () => {
    const first = await withLink();
    await report(paid(first.id));
    expect((await report({ id: first.id, status: 'ended' })).body).toEqual({ result: 'ignored' });
    expect((await report({ id: first.id, status: 'pending' })).body).toEqual({ result: 'ignored' });
    const second = await withLink();
    expect((await report({ id: second.id, status: 'ended' })).body).toEqual({ result: 'recorded' });
    expect((await report(paid(second.id))).body).toEqual({ result: 'recorded' });
    expect(await seen(second.receipt)).toMatchObject({ status: S.ACCEPTED, payments: [{}] });
  });

  test.each([
    ['another amount', paid('', 70_000), PaymentProblemKind.AMOUNT_DIFFERS, '70000'],
    ['another currency', paid('', 75_000, { currency: 'USD' }), PaymentProblemKind.CURRENCY_DIFFERS, '75000'],
  ])('of %s is a problem for an operator, and not paid', async (_, wrong, kind, reportedAmount) => {
    const { receipt, id } = await withLink();
    const { version } = await seen(receipt);
    for (const _ of [1, 2]) expect((await report({ ...wrong, id })).body).toEqual({ result: 'problem' });
    expect(await seen(receipt)).toMatchObject({ version, status: S.PAYMENT_REQUESTED });
    const [problem, ...more] = await problemsOf(receipt);
    expect(more).toEqual([]);
    expect(problem).toMatchObject({ paymentId: id, kind, requestedVnd: 75_000n, reportedAmount });

    const { paymentOperations: ofClerk } = world.as(p.commune.clerk);
    const settled = { problemId: problem?.id ?? '', note: 'Đã hoàn trả' };
    const calls = [ofClerk.listPaymentProblems({}), ofClerk.settlePaymentProblem(settled)];
    for (const refusal of await refusalsOf(calls))
      expect(refusal).toMatchObject({ code: 'PERMISSION_DENIED', reason: 'ROLE_MISSING' });
    await world.admin.paymentOperations.settlePaymentProblem(settled);
    expect(await refusalOf(world.admin.paymentOperations.settlePaymentProblem(settled))).toMatchObject({
      code: 'NOT_FOUND',
      reason: 'PAYMENT_PROBLEM_UNKNOWN',
    });
    expect(await problemsOf(receipt)).toEqual([]);
    expect((await report(paid(id))).body).toEqual({ result: 'recorded' });
    expect((await seen(receipt)).status).toBe(S.ACCEPTED);
  });
});

describe('a payment that nobody reports', () => {
  test('is found by asking the provider, also after the provider failed', async () => {
    const { receipt, id } = await withLink();
    provider.fault = { status: 500 };
    const before = provider.checked.length;
    world.clock.advance(2_000);
    await vi.waitFor(() => expect(provider.checked.length).toBeGreaterThan(before), 20_000);
    provider.fault = undefined;
    provider.reports.set(id, paid(id));
    // The provider is left alone after a failure, and the payment is checked ever less often.
    const found = async () => {
      world.clock.advance(60_000);
      expect((await seen(receipt)).status).toBe(S.ACCEPTED);
    };
    await vi.waitFor(found, { timeout: 30_000, interval: 500 });
    expect(await countOf(receipt, 'PaymentReceived')).toBe(1);
    expect((await report(paid(id))).body).toEqual({ result: 'ignored' });
  });

  test('ends when it is not made in time; a later report still counts', async () => {
    const { receipt, id, url } = await withLink();
    provider.reports.set(id, { id, status: 'pending' });
    world.clock.advance(8 * DAY_MS);
    const ended = async () => {
      const rows = await world.db.query({
        text: 'select 1 from payment where id = $1 and state = 4',
        values: [id],
      });
      expect(rows).toHaveLength(1);
    };
    await vi.waitFor(ended, 20_000);
    expect((await linkOf(receipt)).url).not.toBe(url);
    expect((await report(paid(id))).body).toEqual({ result: 'recorded' });
    expect(await seen(receipt)).toMatchObject({ status: S.ACCEPTED, payments: [{}], surplusPayments: [] });
  });
});

test('an expired link is replaced once the provider says so; what is paid too often is to be given back', async () => {
  provider.expiresAt = new Date(world.clock.now().getTime() + 600_000).toISOString();
  const { receipt, id, url } = await withLink();
  world.clock.advance(601_000);
  for (const unsettled of [{ id, status: 'pending' }, paid(id, 74_000)]) {
    provider.reports.set(id, unsettled);
    expect(await refusalOf(linkOf(receipt))).toMatchObject({ code: 'UNAVAILABLE' });
    const error = await linkOf(receipt).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ reason: 'PAYMENT_UNSETTLED', retryAfterMs: 1_000 });
  }
  provider.reports.set(id, { id, status: 'ended' });
  expect((await linkOf(receipt)).url).not.toBe(url);
  const second = provider.created.at(-1)?.id ?? '';
  expect(second).not.toBe(id);
  await report(paid(second));
  await report(paid(id));
  expect(await seen(receipt)).toMatchObject({
    status: S.ACCEPTED,
    payments: [{ receipt: paid(second).reference }],
    surplusPayments: [{ receipt: paid(id).reference }],
  });
});

test('a payment that was made as its link expired counts when the citizen asks for another', async () => {
  provider.expiresAt = new Date(world.clock.now().getTime() + 600_000).toISOString();
  const { receipt, id } = await withLink();
  provider.reports.set(id, paid(id));
  world.clock.advance(601_000);
  expect(await refusalOf(linkOf(receipt))).toMatchObject({ reason: 'PAYMENT_NOT_ASKED' });
  expect(await seen(receipt)).toMatchObject({ status: S.ACCEPTED, payments: [{}] });
});

test('a payment after the withdrawal is kept, shown, and reported to the holder', async () => {
  const { receipt, id } = await withLink();
  await clerk().withdrawDossier({ ...next(receipt), reason: 'Không còn nhu cầu' });
  world.clock.advance(HOUR_MS);
  expect((await report(paid(id))).body).toEqual({ result: 'recorded' });
  const surplusPayments = [{ amountVnd: 75_000n, provider: NAME, receipt: paid(id).reference }];
  expect(await seen(receipt)).toMatchObject({ status: S.WITHDRAWN, payments: [], surplusPayments });
  const tracked = await world.anybody.tracking.trackDossier(of(receipt));
  expect(tracked).toMatchObject({ surplusPayments });
  expect(tracked.history.at(-1)?.text).toContain('xem xét hoàn trả');
  const { entries } = await clerk().getHistory({ dossierId: receipt.dossierId });
  expect(entries.at(-1)?.text).toBe(
    `Nhận 75.000 đồng qua ${NAME} khi hồ sơ không chờ nộp; khoản này cần được hoàn trả; đã báo cáo ${p.commune.head.fullName}.`,
  );
  expect(await countOf(receipt, 'SurplusPaymentReceived')).toBe(1);
  expect((await report(paid(id))).body).toEqual({ result: 'ignored' });
});

test('a report that cannot be applied now is to be sent again', async () => {
  const { receipt, id } = await withLink();
  const at = world.clock.now();
  world.clock.set(new Date(at.getTime() - 10 * 60_000).toISOString());
  expect((await report(paid(id))).status).toBe(503);
  world.clock.set(at.toISOString());
  expect((await report(paid(id))).body).toEqual({ result: 'recorded' });
  expect((await seen(receipt)).status).toBe(S.ACCEPTED);
});

test('without a provider there is no link', async () => {
  await world.restart({ PAYMENT_URL: '' });
  const receipt = await awaiting();
  expect(await refusalOf(linkOf(receipt))).toMatchObject({
    code: 'FAILED_PRECONDITION',
    reason: 'PAYMENT_NOT_ONLINE',
  });
  const wrong = world.anybody.citizenPayments.requestPaymentLink({ ...of(receipt), secret: 'ABCDEFGHJKMN' });
  expect(await refusalOf(wrong)).toMatchObject({ reason: 'DOSSIER_NOT_FOUND' });
  expect((await world.anybody.tracking.trackDossier(of(receipt))).payableOnline).toBe(false);
});
