import { randomUUID } from 'node:crypto';
import { connectAgency } from '@lienthong/client';
import { DossierStatus, type LodgeDossierResponse } from '@lienthong/contracts/casework';
import { type Database, systemClock } from '@lienthong/kit';
import { newWebhookSecret } from '@lienthong/outbound';
import { childProcesses, freePort } from '@lienthong/testkit';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { callBack, paid, startProvider, type TestProvider } from './support/payment-provider.ts';
import { fourSteps } from './support/procedures.ts';
import { sampleProvince, settle } from './support/province.ts';
import { recorded } from './support/stand-in.ts';
import { dossierOf, lodging } from './support/story.ts';
import { openWorld, type World } from './support/world.ts';

/**
 * A process dies (SIGKILL) at a step of a payment, held there by the provider or a lock of the test; another takes over.
 * Named by the step that is not done. The payment is received once, under one id.
 */
const WAIT = { timeout: 40_000, interval: 20 };
const LONG = 120_000;
const secret = newWebhookSecret();
const p = sampleProvince();
const building = fourSteps();
const processes = childProcesses(new URL('../src/service.ts', import.meta.url), 'casework');

let provider: TestProvider;
/** Its own process has no provider: only the processes that are killed work with payments. */
let world: World;
let db: Database;
beforeAll(async () => {
  provider = await startProvider();
  world = await openWorld({ clock: systemClock });
  ({ db } = world);
  await settle(world, p);
  await world.publish(building);
}, LONG);
afterEach(async () => {
  provider.before = async () => {};
  provider.reports.clear();
  await processes.killAll();
});
afterAll(async () => {
  await world.stop();
  await provider.stop();
});

type Receipt = Pick<LodgeDossierResponse, 'code' | 'trackingSecret' | 'dossierId'>;

async function awaiting(): Promise<Receipt> {
  const receipt = await world.as(p.commune.clerk).casework.lodgeDossier(lodging(building));
  const { dossierId } = receipt;
  const request = { requestId: randomUUID(), dossierId, amountVnd: 75_000n, content: 'Lệ phí' };
  await world.as(p.commune.officer).casework.requestPayment(request);
  return receipt;
}

async function start(checkS = 3_600) {
  const listen = `127.0.0.1:${await freePort()}`;
  const env = {
    ...world.env,
    PAYMENT_URL: provider.url,
    PAYMENT_NAME: 'Cổng thanh toán',
    PAYMENT_TIMEOUT_S: '8',
    PAYMENT_LISTEN: listen,
    PAYMENT_CALLBACK_SECRETS: secret,
    PAYMENT_CHECK_S: String(checkS),
  };
  const child = await processes.start({ stack: world.stack, env });
  return { child, address: child.address, report: (what: object) => callBack(listen, secret, what) };
}

async function linkAt(address: string, { code, trackingSecret }: Receipt): Promise<string> {
  const client = connectAgency({ address });
  try {
    const { url } = await client.citizenPayments.requestPaymentLink({ code, secret: trackingSecret });
    return url;
  } finally {
    client.close();
  }
}

const idsOf = ({ code }: Receipt) => [
  ...new Set(provider.created.flatMap(({ id, description }) => (description.endsWith(code) ? id : []))),
];

/** Writes to table `payment` wait until `run` has ended; reads go on. */
const holdingWrites = (run: () => Promise<void>) =>
  db.transaction(async (tx) => {
    await tx.query({ text: 'lock table payment in exclusive mode' });
    await run();
  });
/** Changes of the dossier wait until `run` has ended. They wait before their commit is sent. */
const holdingDossier = ({ dossierId }: Receipt, run: () => Promise<void>) =>
  db.transaction(async (tx) => {
    await tx.query({ text: 'select 1 from dossier where id = $1 for update', values: [dossierId] });
    await run();
  });
const untilWaiting = () =>
  vi.waitFor(async () => {
    const waiting = await db.query({
      text: `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    });
    expect(waiting.length).toBeGreaterThan(0);
  }, WAIT);

/** The provider gets a request of this method and does not answer until `release`. */
function holdProvider(method: string) {
  const { promise: there, resolve: come } = Promise.withResolvers<void>();
  const { promise: over, resolve: release } = Promise.withResolvers<void>();
  provider.before = async (of) => {
    if (of !== method) return;
    come();
    await over;
  };
  return { there, release };
}

async function expectReceivedOnce({ dossierId }: Receipt): Promise<void> {
  const dossier = await dossierOf(world.as(p.commune.clerk), dossierId);
  expect(dossier).toMatchObject({ status: DossierStatus.ACCEPTED, payments: [{ amountVnd: 75_000n }] });
  expect([dossier.payments.length, dossier.surplusPayments.length]).toEqual([1, 0]);
  const events = await recorded(world, [dossierId], ['PaymentReceived', 'SurplusPaymentReceived']);
  expect([...events.values()]).toEqual([1]);
}

test(
  'the provider’s answer with the link',
  async () => {
    const receipt = await awaiting();
    const { child, address } = await start();
    const { there, release } = holdProvider('POST');
    const asked = linkAt(address, receipt).catch(() => 'lost');
    await there;
    await processes.kill(child);
    release();
    expect(await asked).toBe('lost');
    provider.before = async () => {};
    const second = await start();
    const url = await linkAt(second.address, receipt);
    expect(await linkAt(second.address, receipt)).toBe(url);
    const [id = '', ...others] = idsOf(receipt);
    expect(others).toEqual([]);
    await second.report(paid(id));
    await expectReceivedOnce(receipt);
  },
  LONG,
);

test(
  'keeping the link',
  async () => {
    const receipt = await awaiting();
    const { child, address } = await start();
    const { there, release } = holdProvider('POST');
    const asked = linkAt(address, receipt).catch(() => 'lost');
    await there;
    await holdingWrites(async () => {
      release();
      await untilWaiting();
      await processes.kill(child);
    });
    expect(await asked).toBe('lost');
    const second = await start();
    await linkAt(second.address, receipt);
    expect(idsOf(receipt)).toHaveLength(1);
  },
  LONG,
);

test(
  'changing the dossier by a report',
  async () => {
    const receipt = await awaiting();
    const { child, address, report } = await start();
    await linkAt(address, receipt);
    const [id = ''] = idsOf(receipt);
    await holdingDossier(receipt, async () => {
      const lost = report(paid(id)).catch(() => undefined);
      await untilWaiting();
      await processes.kill(child);
      expect(await lost).toBeUndefined();
    });
    expect((await recorded(world, [receipt.dossierId], ['PaymentReceived'])).size).toBe(0);
    const second = await start();
    expect(await second.report(paid(id))).toEqual({ status: 200, body: { result: 'recorded' } });
    expect(await second.report(paid(id))).toEqual({ status: 200, body: { result: 'ignored' } });
    await expectReceivedOnce(receipt);
  },
  LONG,
);

test(
  'hearing that the database has committed',
  async () => {
    const receipt = await awaiting();
    const { child, address, report } = await start();
    await linkAt(address, receipt);
    const [id = ''] = idsOf(receipt);
    await holdingWrites(async () => {
      const lost = report(paid(id)).catch(() => undefined);
      await untilWaiting();
      await processes.kill(child);
      expect(await lost).toBeUndefined();
    });
    // The commit was sent: the database may carry it out without its client.
    const second = await start();
    expect((await second.report(paid(id))).status).toBe(200);
    await expectReceivedOnce(receipt);
  },
  LONG,
);

test(
  'answering the report',
  async () => {
    const receipt = await awaiting();
    const { child, address, report } = await start();
    await linkAt(address, receipt);
    const [id = ''] = idsOf(receipt);
    const reply = report(paid(id)).catch(() => undefined);
    await vi.waitFor(async () => {
      expect((await recorded(world, [receipt.dossierId], ['PaymentReceived'])).size).toBe(1);
    }, WAIT);
    await processes.kill(child);
    await reply;
    const second = await start();
    expect(await second.report(paid(id))).toEqual({ status: 200, body: { result: 'ignored' } });
    await expectReceivedOnce(receipt);
  },
  LONG,
);

test(
  'changing the dossier by what a check found, when no report comes',
  async () => {
    const receipt = await awaiting();
    const { child, address } = await start(1);
    const { there, release } = holdProvider('GET');
    await linkAt(address, receipt);
    const [id = ''] = idsOf(receipt);
    provider.reports.set(id, paid(id));
    await there;
    await holdingDossier(receipt, async () => {
      release();
      await untilWaiting();
      await processes.kill(child);
    });
    expect((await recorded(world, [receipt.dossierId], ['PaymentReceived'])).size).toBe(0);
    provider.before = async () => {};
    // Two processes share the payments that are due.
    await Promise.all([start(1), start(1)]);
    await vi.waitFor(async () => {
      expect((await recorded(world, [receipt.dossierId], ['PaymentReceived'])).size).toBe(1);
    }, WAIT);
    await expectReceivedOnce(receipt);
  },
  LONG,
);
