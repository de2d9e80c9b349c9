import { once } from 'node:events';
import { createConnection, createServer } from 'node:net';
import { AuditServiceDefinition } from '@lienthong/contracts/audit';
import { believing, freePort, stubService, testStack } from '@lienthong/testkit';
import pg from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createLog, type Running, runServices, type Service, tokenVerifier } from '../src/index.ts';
import { memoryLog } from './support/log.ts';
import { recordingWorker, sampleService } from './support/sample-service.ts';
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
      database: () => ({ url: made.databaseUrl }),
      nats: () => ({ url: made.natsUrl }),
      listen,
      verifyToken: tokenVerifier([issuer.trusted]),
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

test('services of one process share one operations service, made from the part of each', async () => {
  const { started } = await stack();
  const serve = (parts: readonly unknown[]) =>
    stubService(AuditServiceDefinition, { countEntries: async () => ({ count: BigInt(parts.join('')) }) });
  const withPart = (part: number): Service => ({
    name: `sample-${part}`,
    migrations: [],
    compose: () => ({ directory: believing, rpc: [], workers: [], operations: { serve, part } }),
  });
  const { address } = await started([withPart(1), sampleService({ serves: false }), withPart(2)]);
  expect((await connectAs(address, clerk).audit.countEntries({})).count).toBe(12n);
});

test('no call comes in before every worker has started', async () => {
  const { run } = await stack();
  const port = await freePort();
  const asked = Promise.withResolvers<void>();
  const ready = Promise.withResolvers<void>();
  const slow = {
    ...recordingWorker('slow', []),
    async start() {
      asked.resolve();
      await ready.promise;
    },
  };
  const starting = run([sampleService({ workers: [slow] })], `127.0.0.1:${port}`);
  onTestFinished(async () => await (await starting).stop());
  await asked.promise;
  const early = createConnection(port, '127.0.0.1');
  await expect(once(early, 'connect')).rejects.toThrow('ECONNREFUSED');
  ready.resolve();
  const { address } = await starting;
  expect((await connectAs(address, clerk).audit.countEntries({})).count).toBe(1n);
});

test('stopping ends calls, then workers in reverse, then connections; a second stop waits for the first', async () => {
  const { run, connections } = await stack();
  const diary: string[] = [];
  const workers = [recordingWorker('relay', diary), recordingWorker('consumer', diary)];
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
  test('undoes what it started: workers, connections, the port', async () => {
    const { run, connections } = await stack();
    const diary: string[] = [];
    const workers = [
      recordingWorker('relay', diary),
      recordingWorker('consumer', diary, new Error('no such stream')),
      recordingWorker('janitor', diary),
    ];
    const port = await freePort();
    await expect(run([sampleService({ workers })], `127.0.0.1:${port}`)).rejects.toThrow('no such stream');
    expect(diary).toEqual(['start relay', 'start consumer', 'stop consumer', 'stop relay']);
    await drained(connections);
    const again = createServer().listen(port, '127.0.0.1');
    await once(again, 'listening');
    again.close();
  });

  test('names its cause (composing, an address in use) and leaves nothing', async () => {
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

  test('goes on undoing when one step fails, and logs that', async () => {
    const { run, connections } = await stack();
    const { log, lines } = memoryLog();
    const diary: string[] = [];
    const stubborn = {
      ...recordingWorker('stubborn', diary),
      stop: () => Promise.reject(new Error('will not')),
    };
    const workers = [
      recordingWorker('relay', diary),
      stubborn,
      recordingWorker('last', diary, new Error('no')),
    ];
    await expect(run([sampleService({ workers })], undefined, log)).rejects.toThrow('no');
    expect(diary.at(-1)).toBe('stop relay');
    expect(lines.filter(({ msg }) => msg === 'stopping')).toMatchObject([{ err: { message: 'will not' } }]);
    await drained(connections);
  });
});
