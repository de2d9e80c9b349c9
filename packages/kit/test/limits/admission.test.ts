import { Status } from '@lienthong/client';
import { AuditServiceDefinition } from '@lienthong/contracts/audit';
import { createClient, Metadata } from 'nice-grpc';
import { HealthDefinition } from 'nice-grpc-server-health';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { type AdmissionLimits, createAdmission, methodsWith, rpcService } from '../../src/index.ts';
import { clerk, connectAs, issuer, PRINCIPAL, serve } from '../support/server.ts';

const { query, list } = methodsWith<object>();
const { countEntries, listEntries } = AuditServiceDefinition.methods;
const definition = { ...AuditServiceDefinition, methods: { listEntries, countEntries } } as const;
const dear = query(countEntries, {
  policy: 'public',
  request: z.object({}),
  cost: 5,
  handle: () => ({ count: 1n }),
});
const cheap = list(listEntries, {
  policy: 'public',
  request: z.object({}),
  cursor: z.number(),
  handle: async ({ page }) =>
    page.cut(
      [],
      () => 0,
      () => ({ entries: [], nextPageToken: '' }),
    ),
});

/** One unit a day, so that a test never sees a budget fill up. */
const slowly = (burst: number) => ({ ...PRINCIPAL, rate: { perSecond: 1 / 86_400, burst } });
const EXCEEDED = { code: Status.RESOURCE_EXHAUSTED, reason: 'RATE_EXCEEDED' };
const failed = (
  call: Promise<unknown>,
): Promise<{ code?: Status; reason?: string; retryAfterMs?: number; done?: boolean }> =>
  call.catch((error) => error) as never;

async function start(limits: Partial<AdmissionLimits>, trustedProxies: readonly string[] = []) {
  const services = [rpcService(definition, {}, [cheap, dear])];
  const server = await serve({ services, limits, trustedProxies });
  const bare = createClient(AuditServiceDefinition, server.channel);
  /** Without a token; through a proxy on this machine when an address is given. */
  const stranger = (from?: string, authorization?: string) =>
    failed(
      bare.listEntries(
        {},
        {
          metadata: Metadata({
            ...(from !== undefined && { 'x-forwarded-for': from }),
            ...(authorization !== undefined && { authorization }),
          }),
        },
      ),
    );
  const as = (agency: number, officerId: string) => {
    const agencyId = `018f0000-0000-7000-8000-00000000000${agency}`;
    const { audit } = connectAs(server.address, { ...clerk, agencyId, officerId });
    return () => failed(audit.listEntries({}));
  };
  return { ...server, stranger, as };
}
const LISTED = { entries: [] };

test('an officer has a rate, and another officer of the agency goes on until the agency has used its own', async () => {
  const { as } = await start({ perOfficer: slowly(3), perAgency: slowly(5) });
  const [first, second, other] = [as(1, 'first'), as(1, 'second'), as(2, 'first')];
  for (let n = 0; n < 3; n += 1) expect(await first()).toMatchObject(LISTED);
  const refused = await first();
  expect(refused).toMatchObject(EXCEEDED);
  expect(refused.retryAfterMs).toBeGreaterThan(0);
  for (let n = 0; n < 2; n += 1) expect(await second()).toMatchObject(LISTED);
  expect(await second()).toMatchObject(EXCEEDED);
  expect(await other()).toMatchObject(LISTED);
});

test('a dear call takes its cost', async () => {
  const { address } = await start({ perAgency: slowly(7) });
  const { audit } = connectAs(address, clerk);
  expect(await audit.countEntries({})).toMatchObject({ count: 1n });
  expect(await failed(audit.countEntries({}))).toMatchObject(EXCEEDED);
});

test('calls without a valid token are counted by address, behind a trusted proxy by the one it names', async () => {
  const { stranger, as } = await start({ perAddress: slowly(2) }, ['127.0.0.0/8']);
  for (const authorization of [undefined, 'Bearer wrong']) await stranger('8.8.8.8', authorization);
  expect(await stranger('8.8.8.8')).toMatchObject({ code: Status.RESOURCE_EXHAUSTED });
  expect(await stranger('8.8.8.8', 'Bearer wrong')).toMatchObject({ code: Status.RESOURCE_EXHAUSTED });
  // One subscriber has every address of a /64.
  for (const last of ['1', '2']) expect(await stranger(`2405:4800:1:2::${last}`)).toMatchObject(LISTED);
  expect(await stranger('2405:4800:1:2:ffff::9')).toMatchObject({ code: Status.RESOURCE_EXHAUSTED });
  expect(await stranger('2405:4800:1:3::1')).toMatchObject(LISTED);
  expect(await as(1, 'officer')()).toMatchObject(LISTED);
});

test('health is counted by address too', async () => {
  const { channel } = await start({ perAddress: slowly(1) });
  const health = createClient(HealthDefinition, channel);
  expect(await health.check({ service: '' })).toBeDefined();
  expect(await failed(health.check({ service: '' }))).toMatchObject({ code: Status.RESOURCE_EXHAUSTED });
});

test('streams of health are bounded by address; one that ends makes room', async () => {
  const { channel } = await start({ perAddress: { ...PRINCIPAL, streams: 2 } });
  const health = createClient(HealthDefinition, channel);
  const watch = () => {
    const leaving = new AbortController();
    onTestFinished(() => leaving.abort());
    const stream = health.watch({ service: '' }, { signal: leaving.signal })[Symbol.asyncIterator]();
    return { first: () => failed(stream.next()), leave: () => leaving.abort() };
  };
  const held = [watch(), watch()];
  for (const stream of held) expect(await stream.first()).toMatchObject({ done: false });
  expect(await watch().first()).toMatchObject({ code: Status.RESOURCE_EXHAUSTED });
  held[0]?.leave();
  // The server learns of it a little later.
  await expect.poll(() => watch().first()).toMatchObject({ done: false });
});

test('streams are bounded for each officer, agency and address', () => {
  const limits = { ...PRINCIPAL, streams: 3 };
  const admission = createAdmission({
    perOfficer: { ...PRINCIPAL, streams: 2 },
    perAgency: limits,
    perAddress: { ...PRINCIPAL, streams: 1 },
    perProcess: 10,
  });
  const of = (officerId: string, agencyId: string) => ({
    caller: { ...clerk, officerId, agencyId },
    address: 'x',
  });
  const close = admission.openStream(of('a', '1'));
  admission.openStream(of('a', '1'));
  expect(() => admission.openStream(of('a', '1'))).toThrow('as many open streams');
  admission.openStream(of('b', '1'));
  expect(() => admission.openStream(of('c', '1'))).toThrow('as many open streams');
  admission.openStream(of('a', '2'));
  // An officer whose id is an agency's takes nothing of that agency.
  admission.openStream(of('2', '3'));
  close();
  admission.openStream(of('c', '1'));
  // Open streams are no calls that run.
  for (let n = 0; n < 10; n += 1) admission.enter(of('a', '1'), 1);
  expect(() => admission.enter(of('z', '9'), 1)).toThrow('the server runs as many calls');
});

test('a token is needed to leave the limits of the address', async () => {
  const { stranger } = await start({ perAddress: slowly(1), perOfficer: slowly(3) });
  const token = `Bearer ${await issuer.issue(clerk)}`;
  expect(await stranger()).toMatchObject(LISTED);
  expect(await stranger()).toMatchObject({ code: Status.RESOURCE_EXHAUSTED });
  expect(await stranger(undefined, token)).toMatchObject(LISTED);
});
