import { once } from 'node:events';
import { createServer } from 'node:net';
import { Status } from '@lienthong/client';
import { freePort, testStack } from '@lienthong/testkit';
import pg from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createLog, type Running, runServices, type Service, tokenVerifier } from '../src/index.ts';
import { memoryLog } from './support/log.ts';
import { notingWorker, sampleService } from './support/sample-service.ts';
import { clerk, connectAs, issuer } from './support/server.ts';

async function stack() {
  const made = await testStack();
  const observer = new pg.Client({ connectionString: made.databaseUrl });
  await observer.connect();
  onTestFinished(async () => {
    await observer.end();
    await made.close();
  });
  const connections = async () => {
    const { rows } = await observer.query(
      `select application_name from pg_stat_activity
       where datname = current_database() and application_name like 'lienthong %'`,
    );
    return rows.length;
  };
  const run = (services: Service[], listen = '127.0.0.1:0', log = createLog('run-test', 'silent')) =>
    runServices(services, {
      databaseUrl: made.databaseUrl,
      natsUrl: made.natsUrl,
      listen,
      verifyToken: tokenVerifier(issuer.keys, issuer.issuer),
      log,
      connections: 2,
    });
  const started = async (services: Service[]): Promise<Running> => {
    const running = await run(services);
    onTestFinished(() => running.stop());
    return running;
  };
  return { run, started, connections };
}

const drained = async (connections: () => Promise<number>) => {
  // PostgreSQL notes the end of a session a moment after the client has closed it.
  while ((await connections()) > 0) await new Promise((resolve) => setTimeout(resolve, 10));
};

test('services are migrated, composed and served on one port', async () => {
  const { started } = await stack();
  const { address } = await started([sampleService(), sampleService({ name: 'sample-two', serves: false })]);
  const client = connectAs(address, clerk);
  expect((await client.audit.countEntries({})).count).toBe(1n);
});

test('stopping ends calls, then workers in reverse, then connections; a second stop waits for the first', async () => {
  const { run, connections } = await stack();
  const diary: string[] = [];
  const workers = [notingWorker('relay', diary), notingWorker('consumer', diary)];
  const running = await run([sampleService({ workers })]);
  const client = connectAs(running.address, clerk);
  const counted = client.audit.countEntries({ filter: { officerId: 'slow' } });
  await client.audit.countEntries({});
  const noted = counted.then(() => diary.push('answered'));
  const stops = [running.stop(), running.stop()];
  await Promise.race(stops);
  expect(diary).toEqual(['start relay', 'start consumer', 'answered', 'stop consumer', 'stop relay']);
  await Promise.all([...stops, noted]);
  await drained(connections);
});

describe('a start that fails', () => {
  test('undoes what was begun: workers, connections, the port', async () => {
    const { run, connections } = await stack();
    const diary: string[] = [];
    const workers = [
      notingWorker('relay', diary),
      notingWorker('consumer', diary, new Error('no such stream')),
      notingWorker('janitor', diary),
    ];
    const port = await freePort();
    await expect(run([sampleService({ workers })], `127.0.0.1:${port}`)).rejects.toThrow('no such stream');
    expect(diary).toEqual(['start relay', 'start consumer', 'stop consumer', 'stop relay']);
    await drained(connections);
    const again = createServer().listen(port, '127.0.0.1');
    await once(again, 'listening');
    again.close();
  });

  test('because of composing or an address in use says so and leaves nothing', async () => {
    const { run, connections } = await stack();
    const broken: Service = {
      ...sampleService(),
      compose: () => {
        throw new Error('cannot be composed');
      },
    };
    await expect(run([sampleService({ serves: false }), { ...broken, name: 'broken' }])).rejects.toThrow(
      'cannot be composed',
    );
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    onTestFinished(() => void taken.close());
    const { port } = taken.address() as { port: number };
    await expect(run([sampleService()], `127.0.0.1:${port}`)).rejects.toThrow('cannot listen on 127.0.0.1:');
    await drained(connections);
  });

  test('goes on undoing when one step fails, and tells the log', async () => {
    const { run, connections } = await stack();
    const { log, lines } = memoryLog();
    const diary: string[] = [];
    const stubborn = {
      ...notingWorker('stubborn', diary),
      stop: () => Promise.reject(new Error('will not')),
    };
    const workers = [notingWorker('relay', diary), stubborn, notingWorker('last', diary, new Error('no'))];
    await expect(run([sampleService({ workers })], undefined, log)).rejects.toThrow('no');
    expect(diary.at(-1)).toBe('stop relay');
    expect(lines.filter(({ msg }) => msg === 'stopping')).toMatchObject([{ err: { message: 'will not' } }]);
    await drained(connections);
  });
});

describe('operations', () => {
  const parked = Array.from({ length: 7 }, (_, i) => ({
    consumer: 'inbox',
    source: 'directory',
    position: i + 1,
    eventId: `event-${i}`,
    type: 'lienthong.directory.v1.AgencyEnded',
    aggregateId: '018f0000-0000-7000-8000-000000000002',
    error: 'bad event',
    parkedAt: new Date('2025-07-01T00:00:00Z'),
  }));
  const replays: unknown[] = [];
  const service = sampleService({
    operations: {
      service: 'sample',
      status: async () => ({
        log: { source: 'sample', halted: '', leader: true, position: 9, published: 8 },
        consumers: [{ name: 'inbox', source: 'directory', cursor: 5, lag: 4, parked: 7 }],
      }),
      parked: async (_, after, limit) =>
        parked.filter(({ position }) => position > (after?.position ?? 0)).slice(0, limit),
      replay: async (...given) => {
        replays.push(given);
        return { replayed: 3, stillParked: 4 };
      },
    },
  });
  const admin = { agencyId: '', officerId: 'root', roles: ['admin'] as const };

  test('are an administrator’s', async () => {
    const { started } = await stack();
    const { operations, parkedEvents } = connectAs((await started([service])).address, admin);
    expect(await operations.getStatus({})).toEqual({
      logs: [{ source: 'sample', halted: '', leader: true, sequenced: 9n, published: 8n, unsequenced: 0n }],
      consumers: [{ service: 'sample', name: 'inbox', source: 'directory', cursor: 5n, lag: 4n, parked: 7n }],
    });
    const list = { service: 'sample', consumer: 'inbox', pageSize: 3 };
    const listed = await Array.fromAsync(parkedEvents(list));
    expect(listed).toEqual(
      parked.map((event) => ({ ...event, service: 'sample', position: BigInt(event.position) })),
    );
    const { aggregateId = '' } = parked[0] ?? {};
    expect(
      await operations.replayParkedEvents({ service: 'sample', consumer: 'inbox', aggregateId }),
    ).toEqual({ replayed: 3n, stillParked: 4n });
    await operations.replayParkedEvents({ service: 'sample', consumer: 'inbox' });
    expect(replays).toEqual([
      ['inbox', aggregateId],
      ['inbox', undefined],
    ]);
  });

  test('refuse what they do not know', async () => {
    const { started } = await stack();
    const { operations } = connectAs((await started([service])).address, admin);
    const replay = (request: object) => operations.replayParkedEvents(request);
    await expect(replay({ service: 'other', consumer: 'inbox' })).rejects.toMatchObject({
      code: Status.NOT_FOUND,
      reason: 'SERVICE_UNKNOWN',
      details: 'service "other" does not run here; use one of: sample',
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

  test('are nobody else’s', async () => {
    const { started } = await stack();
    const { address } = await started([service]);
    const others = connectAs(address, {
      ...clerk,
      roles: ['leader', 'clerk', 'officer', 'system', 'auditor'],
    });
    const denied = { code: Status.PERMISSION_DENIED, reason: 'ROLE_MISSING' };
    const named = { service: 'sample', consumer: 'inbox' };
    await expect(others.operations.getStatus({})).rejects.toMatchObject(denied);
    await expect(others.operations.listParkedEvents(named)).rejects.toMatchObject(denied);
    await expect(others.operations.replayParkedEvents(named)).rejects.toMatchObject(denied);
  });
});
