import { connectAgency, Status } from '@lienthong/client';
import { type Caller, defineService } from '@lienthong/kit';
import {
  believing,
  type RunningServices,
  runTestServices,
  type TestStack,
  testStack,
} from '@lienthong/testkit';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Operations } from '../src/operations/operations.ts';
import { operationsService } from '../src/operations/service.ts';

const AGGREGATE = '018f0000-0000-7000-8000-000000000002';
const parked = Array.from({ length: 7 }, (_, i) => ({
  consumer: 'inbox',
  source: 'directory',
  position: i + 1,
  eventId: `event-${i}`,
  type: 'lienthong.directory.v1.AgencyEnded',
  aggregateId: AGGREGATE,
  error: 'bad event',
  parkedAt: new Date('2025-07-01T00:00:00Z'),
}));
const replays: unknown[] = [];
const program = {
  version: '1.2.3',
  startedAt: new Date('2025-07-01T00:00:00Z'),
  certificateExpiresAt: new Date('2026-07-01T00:00:00Z'),
};
const withConsumer: Operations = {
  service: 'sample',
  program: () => program,
  status: async () => ({
    log: { source: 'sample', halted: '', leader: true, position: 9, published: 8, streamUnreachable: false },
    consumers: [
      { name: 'inbox', source: 'directory', cursor: 5, lag: 4, parked: 7, streamUnreachable: false },
    ],
  }),
  parked: async (_, after, limit) =>
    parked.filter(({ position }) => position > (after?.position ?? 0)).slice(0, limit),
  replay: async (...given) => {
    replays.push(given);
    return { replayed: 3, stillParked: 4 };
  },
};
const idle: Operations = {
  service: 'idle',
  program: () => ({ ...program, certificateExpiresAt: undefined }),
  status: async () => ({ log: undefined, consumers: [] }),
  parked: async () => [],
  replay: async () => ({ replayed: 0, stillParked: 0 }),
};
const services = [withConsumer, idle].map((part) =>
  defineService({
    name: part.service,
    migrations: [],
    compose: () => ({
      directory: believing,
      rpc: [],
      workers: [],
      operations: { serve: operationsService, part },
    }),
  }),
);

let stack: TestStack;
let running: RunningServices;
beforeAll(async () => {
  stack = await testStack();
  running = await runTestServices(services, stack);
});
afterAll(async () => {
  await running?.stop();
  await stack?.close();
});

function connectAs(caller: Caller) {
  const client = connectAgency({ address: running.address, token: () => running.issuer.issue(caller) });
  onTestFinished(() => client.close());
  return client;
}

const admin: Caller = { agencyId: '', officerId: 'root', roles: ['admin'] };

test('an administrator sees the status of all services, lists parked events and replays them', async () => {
  const { operations, parkedEvents } = connectAs(admin);
  const streamUnreachable = false;
  const log = { source: 'sample', halted: '', leader: true, sequenced: 9n, published: 8n, unsequenced: 0n };
  const inbox = { service: 'sample', name: 'inbox', source: 'directory', cursor: 5n, lag: 4n, parked: 7n };
  expect(await operations.getStatus({})).toEqual({
    logs: [{ ...log, streamUnreachable }],
    consumers: [{ ...inbox, streamUnreachable }],
    services: [
      { service: 'sample', ...program },
      { service: 'idle', ...program, certificateExpiresAt: undefined },
    ],
  });
  const listed = await Array.fromAsync(parkedEvents({ service: 'sample', consumer: 'inbox', pageSize: 3 }));
  expect(listed).toEqual(
    parked.map((event) => ({ ...event, service: 'sample', position: BigInt(event.position) })),
  );
  expect(await Array.fromAsync(parkedEvents({ service: 'idle', consumer: 'inbox' }))).toEqual([]);
  const one = { service: 'sample', consumer: 'inbox', aggregateId: AGGREGATE };
  expect(await operations.replayParkedEvents(one)).toEqual({ replayed: 3n, stillParked: 4n });
  await operations.replayParkedEvents({ service: 'sample', consumer: 'inbox' });
  expect(replays).toEqual([
    ['inbox', AGGREGATE, admin],
    ['inbox', undefined, admin],
  ]);
});

test('an unknown service and broken fields are refused', async () => {
  const { operations } = connectAs(admin);
  const replay = (request: object) => operations.replayParkedEvents(request);
  await expect(replay({ service: 'other', consumer: 'inbox' })).rejects.toMatchObject({
    code: Status.NOT_FOUND,
    reason: 'SERVICE_UNKNOWN',
    details: 'service "other" does not run here; use one of: sample, idle',
  });
  await expect(replay({ aggregateId: 'x' })).rejects.toMatchObject({
    code: Status.INVALID_ARGUMENT,
    violations: [{ field: 'service' }, { field: 'consumer' }, { field: 'aggregate_id' }],
  });
  const list = { service: 'sample', consumer: 'in\u0000box', pageToken: 'rubbish' };
  await expect(operations.listParkedEvents(list)).rejects.toMatchObject({
    violations: [{ field: 'consumer' }],
  });
  await expect(operations.listParkedEvents({ ...list, consumer: 'inbox' })).rejects.toMatchObject({
    reason: 'PAGE_TOKEN_INVALID',
  });
});

test('all other roles are refused', async () => {
  const { operations } = connectAs({
    agencyId: '018f0000-0000-7000-8000-000000000001',
    officerId: 'clerk',
    roles: ['leader', 'clerk', 'officer', 'system', 'auditor'],
  });
  const denied = { code: Status.PERMISSION_DENIED, reason: 'ROLE_MISSING' };
  const named = { service: 'sample', consumer: 'inbox' };
  await expect(operations.getStatus({})).rejects.toMatchObject(denied);
  await expect(operations.listParkedEvents(named)).rejects.toMatchObject(denied);
  await expect(operations.replayParkedEvents(named)).rejects.toMatchObject(denied);
});
