import type { AgencyClient } from '@lienthong/client';
import { type DeepPartial, type EstablishAgencyRequest, Tier } from '@lienthong/contracts/directory';
import { connectNats } from '@lienthong/kit';
import { ADMIN, refusalOf, type TestWorld } from '@lienthong/testkit';
import type { NatsConnection } from '@nats-io/nats-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { byId, codeOf, establish, freshCode } from './support/build.ts';
import { openWorld } from './support/world.ts';

const DAY = '2025-07-01';

/** The service in two processes on one database, and a client of each. */
let directory: TestWorld;
let one: AgencyClient;
let two: AgencyClient;
let nats: NatsConnection;
const subjects: string[] = [];

beforeAll(async () => {
  directory = await openWorld(2);
  one = directory.as(ADMIN, 0);
  two = directory.as(ADMIN, 1);
  nats = await connectNats({ url: directory.stack.natsUrl }, 'observer');
  nats.subscribe(`${directory.stack.natsPrefix}.directory.>`, {
    callback: (_, message) => void subjects.push(message.subject),
  });
  await nats.flush();
});
afterAll(async () => {
  await nats.close();
  await directory.stop();
});

const request = (): DeepPartial<EstablishAgencyRequest> => ({
  requestId: crypto.randomUUID(),
  part: { codes: [{ code: freshCode() }], name: 'Sở Thử', tier: Tier.DEPARTMENT },
});

describe('the same request again', () => {
  test('is answered with the first reply and changes nothing', async () => {
    const again = request();
    const first = await one.directory.establishAgency(again);
    expect(await one.directory.establishAgency(again)).toEqual(first);
    expect(await two.directory.establishAgency(again)).toEqual(first);
    const { agency } = await one.directory.resolveCode({ code: again.part?.codes?.[0] });
    expect(agency).toEqual(first.agency);
  });

  test('at the same time from many callers is carried out once', async () => {
    const again = request();
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, i) => (i % 2 ? one : two).directory.establishAgency(again)),
    );
    expect(new Set(replies.map((reply) => reply.agency?.id)).size).toBe(1);
  });

  test('with another body is refused', async () => {
    const again = request();
    await one.directory.establishAgency(again);
    const other = { ...again, part: { ...again.part, name: 'Sở Khác' } };
    expect(await refusalOf(one.directory.establishAgency(other))).toEqual({
      code: 'INVALID_ARGUMENT',
      reason: 'REQUEST_ID_REUSED',
      violations: ['request_id REQUEST_ID_REUSED'],
    });
  });

  test('of an import is one import', async () => {
    const requestId = crypto.randomUUID();
    const lines = [{ key: 'a', codes: [{ code: freshCode() }], name: 'Xã A', tier: Tier.COMMUNE }];
    const first = await one.importAgencies({ requestId }, lines);
    expect(await one.importAgencies({ requestId }, lines)).toEqual(first);
    expect(await refusalOf(one.importAgencies({ requestId }, [...lines, ...lines]))).toMatchObject({
      reason: 'REQUEST_ID_REUSED',
    });
  });
});

describe('concurrent reorganisations', () => {
  const outcomes = async (calls: Promise<unknown>[]) => {
    const settled = await Promise.allSettled(calls);
    return settled.map((result) =>
      result.status === 'fulfilled' ? 'done' : (result.reason as { reason: string }).reason,
    );
  };
  const merge = (client: AgencyClient, predecessor: string, successor: string) =>
    client.directory.mergeAgencies({
      part: { predecessors: [byId(predecessor)], successor: byId(successor) },
      effectiveOn: DAY,
    });

  const move = (client: AgencyClient, agency: string, parent: string) =>
    client.directory.moveAgency({ part: { agency: byId(agency), parent: byId(parent) }, effectiveOn: DAY });

  test('end an agency once', async () => {
    const [a, b, c] = await Promise.all([establish(one), establish(one), establish(two)]);
    const results = await outcomes([merge(one, a.id, b.id), merge(two, a.id, c.id)]);
    expect(results.sort()).toEqual(['AGENCY_ENDED', 'done']);
    const { agency } = await two.directory.getAgency({ agencyId: a.id });
    expect(agency?.successors).toHaveLength(1);
    expect(agency?.version).toBe(2n);
  });

  // In one process they share a batch; in two they meet at the register's lock.
  describe.each([
    ['in one process', () => one],
    ['in two processes', () => two],
  ])('%s', (_, second) => {
    test('never merge two agencies into each other', async () => {
      const [a, b] = await Promise.all([establish(one), establish(one)]);
      const results = await outcomes([merge(one, a.id, b.id), merge(second(), b.id, a.id)]);
      expect(results.sort()).toEqual(['SUCCESSOR_ENDED', 'done']);
    });

    test('never close a circle', async () => {
      const [a, b] = await Promise.all([establish(one), establish(one)]);
      const results = await outcomes([move(one, a.id, b.id), move(second(), b.id, a.id)]);
      expect(results.sort()).toEqual(['CYCLE', 'done']);
    });
  });

  test('give a code to one agency', async () => {
    const codes = [{ code: freshCode() }];
    const results = await outcomes(
      Array.from({ length: 8 }, (_, i) => establish(i % 2 ? one : two, { codes })),
    );
    expect(results.filter((result) => result === 'done')).toHaveLength(1);
    expect(results.filter((result) => result === 'CODE_TAKEN')).toHaveLength(7);
  });
});

test('a refused command leaves no trace for the next one', async () => {
  const successor = await establish(one);
  const agency = await establish(one);
  const parts = [
    {
      part: {
        $case: 'merge' as const,
        value: { predecessors: [byId(agency.id)], successor: byId(successor.id) },
      },
    },
    { part: { $case: 'end' as const, value: { agency: byId(crypto.randomUUID()) } } },
  ];
  expect(await refusalOf(one.directory.reorganise({ effectiveOn: DAY, parts }))).toMatchObject({
    code: 'NOT_FOUND',
    violations: ['parts[1].end.agency UNKNOWN_AGENCY'],
  });
  const { ended } = await one.directory.reorganise({ effectiveOn: DAY, parts: parts.slice(0, 1) });
  expect(ended).toBe(1);
});

test('every change is published under the code of its agency, the decision last', async () => {
  const code = freshCode();
  const agency = await establish(one, { codes: [{ code }] });
  const next = freshCode();
  await two.directory.reorganise({
    effectiveOn: DAY,
    parts: [
      { part: { $case: 'update', value: { agency: byId(agency.id), codes: [{ code: next }] } } },
      { part: { $case: 'rename', value: { agency: byId(agency.id), name: 'Xã Đổi Tên' } } },
    ],
  });
  await one.directory.endAgency({ part: { agency: byId(agency.id) }, effectiveOn: '2025-08-01' });
  const prefix = directory.stack.natsPrefix;
  const ours = () =>
    subjects.filter((s) => s.includes(code) || s.includes(next) || s.includes('reorganisation')).slice(-5);
  await vi.waitFor(
    () =>
      expect(ours()).toEqual([
        `${prefix}.directory.agency.established.${code}`,
        `${prefix}.directory.agency.updated.${next}`,
        `${prefix}.directory.agency.renamed.${next}`,
        `${prefix}.directory.reorganisation.enacted._`,
        `${prefix}.directory.agency.ended.${next}`,
      ]),
    { timeout: 10_000 },
  );
  expect(codeOf(agency)).toBe(code);
});
