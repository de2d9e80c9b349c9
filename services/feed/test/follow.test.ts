import { Start } from '@lienthong/contracts/feed';
import { Status } from 'nice-grpc';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  clerkOf,
  commune,
  everything,
  following,
  happened,
  hasAll,
  issuer,
  openWorld,
  outsider,
  seconds,
  status,
  type World,
} from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.stop());

const assignees = (events: readonly { data?: { value: Uint8Array } | undefined }[]) =>
  events.map(
    ({ data }) =>
      Buffer.from(data?.value ?? [])
        .toString('latin1')
        .match(/no-\d+/)?.[0],
  );
const numbered = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => status(issuer, commune, { assignee: `no-${from + i}` }));
const names = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => `no-${from + i}`);

describe('a stream', () => {
  test('begins with the oldest event and continues live: each event once and in order, while others are written', async () => {
    await world.publish(...numbered(1, 150));
    const client = await world.client(clerkOf(commune));
    await hasAll(client, 150);
    const writing = (async () => {
      for (let n = 151; n <= 450; n += 3) await world.publish(...numbered(n, n + 2));
    })();
    // Opened at many moments of the writing: each has to find its way from the tables to what is live.
    const streams = [];
    for (let i = 0; i < 12; i += 1) {
      streams.push(following(client, { start: Start.OLDEST }));
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
    await writing;
    for (const stream of streams) {
      await vi.waitFor(() => expect(stream.events.length).toBeGreaterThanOrEqual(450), 20_000);
      expect(assignees(stream.events)).toEqual(names(1, 450));
      await stream.stop();
    }
  });

  test('goes on after the cursor of any event', async () => {
    const client = await world.client(clerkOf(commune));
    const { events } = await everything(client);
    for (const n of [1, 99, 100, 101, 449]) {
      const stream = following(client, { cursor: events[n - 1]?.cursor });
      await vi.waitFor(() => expect(stream.events).toHaveLength(450 - n), 20_000);
      expect(assignees(stream.events)).toEqual(names(n + 1, 450));
      await stream.stop();
    }
  });

  test('that begins now yields new events, filtered by type, and heartbeats between them', async () => {
    const client = await world.client(clerkOf(commune));
    const answered = 'lienthong.routing.v1.DirectiveAnswered';
    const all = following(client, { heartbeat: seconds(1) });
    const some = following(client, { types: [answered], heartbeat: seconds(1) });
    await vi.waitFor(() => expect(all.heartbeats.length * some.heartbeats.length).toBeGreaterThan(0), 20_000);
    await world.publish(
      ...numbered(451, 452),
      happened(answered, { senderId: issuer, holderId: commune, reportId: 'r' }),
    );
    await vi.waitFor(() => expect(some.events).toHaveLength(1), 20_000);
    await vi.waitFor(() => expect(all.events).toHaveLength(3), 20_000);
    expect(some.events[0]).toMatchObject({
      type: answered,
      source: '/lienthong/routing',
      subject: expect.stringMatching(/^delivery\/[0-9a-f-]{36}$/),
      sequence: 1n,
      actor: { agencyId: '', officerId: 'test' },
      data: { typeUrl: `type.googleapis.com/${answered}` },
    });
    // The cursor of a heartbeat is after every event before it, and not after later ones.
    const beats = some.heartbeats.length;
    await vi.waitFor(() => expect(some.heartbeats.length).toBeGreaterThan(beats), 20_000);
    expect((await client.listEvents({ cursor: some.heartbeats.at(-1) })).events).toEqual([]);
    expect((await client.listEvents({ cursor: some.heartbeats[0] })).events).toHaveLength(3);
    const filtered = await everything(client, { types: [answered] });
    expect(filtered.events.map((event) => event.type)).toEqual([answered]);
    await Promise.all([all.stop(), some.stop()]);
  });
});

test('a wrong request is refused, and the violation names what is wrong', async () => {
  const client = await world.client(clerkOf(commune));
  const { cursor } = await client.listEvents({});
  const forged = `${cursor.startsWith('A') ? 'B' : 'A'}${cursor.slice(1)}`;
  for (const [request, field] of [
    [{ cursor: 'x' }, 'cursor'],
    [{ cursor: forged }, 'cursor'],
    [{ types: ['lienthong.routing.v1.Unknown'] }, 'types[0]'],
    [{ heartbeat: seconds(0) }, 'heartbeat'],
    [{ heartbeat: seconds(61) }, 'heartbeat'],
  ] as const) {
    const error = await following(client, request as never).ended;
    expect(error).toMatchObject({ code: Status.INVALID_ARGUMENT, details: expect.stringContaining(field) });
  }
  await expect(client.listEvents({ pageSize: 501 })).rejects.toMatchObject({ code: Status.INVALID_ARGUMENT });
  const withoutAgency = await world.client({ agencyId: '', officerId: 'x', roles: ['clerk'] });
  await expect(withoutAgency.listEvents({})).rejects.toMatchObject({ code: Status.PERMISSION_DENIED });
  const auditor = await world.client({ agencyId: outsider, officerId: 'x', roles: ['auditor'] });
  await expect(auditor.listEvents({})).rejects.toMatchObject({ code: Status.PERMISSION_DENIED });
});

test('a process that stops ends its streams with UNAVAILABLE, and the next one goes on', async () => {
  const client = await world.client(clerkOf(commune));
  const stream = following(client, { heartbeat: seconds(1) });
  await vi.waitFor(() => expect(stream.heartbeats.length).toBeGreaterThan(0), 20_000);
  await world.restart();
  expect(await stream.ended).toMatchObject({ code: Status.UNAVAILABLE });
  await world.publish(...numbered(900, 900));
  const again = following(await world.client(clerkOf(commune)), { cursor: stream.heartbeats.at(-1) });
  await vi.waitFor(() => expect(assignees(again.events)).toEqual(['no-900']), 20_000);
  await again.stop();
});

test('a process opens at most FEED_MAX_STREAMS, and streams end so that a new token is needed', async () => {
  await world.restart({ FEED_MAX_STREAMS: '2', FEED_STREAM_MINUTES: '0.05' });
  const client = await world.client(clerkOf(commune));
  const open = [following(client, { heartbeat: seconds(1) }), following(client, { heartbeat: seconds(1) })];
  await vi.waitFor(() => expect(open.every((one) => one.heartbeats.length > 0)).toBe(true), 20_000);
  expect(await following(client).ended).toMatchObject({ code: Status.RESOURCE_EXHAUSTED });
  for (const one of open) expect(await one.ended).toMatchObject({ code: Status.UNAVAILABLE });
  const freed = following(client, { heartbeat: seconds(1) });
  await vi.waitFor(() => expect(freed.heartbeats.length).toBeGreaterThan(0), 20_000);
  await freed.stop();
});
