import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { isAlive } from '@lienthong/embedded';
import { natsOptions } from '@lienthong/kit';
import { connect } from '@nats-io/transport-node';
import { connected } from './admin.ts';

/** Label of each container: the process id of the test run that started it. */
const OWNER_LABEL = 'lienthong-test-run';
const READY_LIMIT_MS = 60_000;

/** PostgreSQL 18 and NATS as containers of the local Docker engine, through the `docker` command. */
export async function startContainers() {
  await removeOrphans();
  const password = randomBytes(12).toString('hex');
  const started = await Promise.allSettled([
    startContainer('postgres:18', {
      port: 5432,
      env: {
        POSTGRES_PASSWORD: password,
        POSTGRES_DB: 'lienthong',
        POSTGRES_INITDB_ARGS: '--locale-provider=builtin --builtin-locale=C.UTF-8 --encoding=UTF8',
        TZ: 'UTC',
      },
      command: ['postgres', '-c', 'max_connections=300', '-c', 'shared_buffers=256MB', '-c', 'jit=off'],
    }),
    startContainer('nats:2.10', {
      port: 4222,
      env: {},
      command: ['-js', '--user', 'administrator', '--pass', password],
    }),
  ]);
  const ids = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value.id] : []));
  try {
    const [postgres, nats] = started.map((one) => {
      if (one.status === 'rejected') throw one.reason;
      return one.value;
    }) as [Container, Container];
    const databaseUrl = `postgres://postgres:${password}@${postgres.address}/lienthong`;
    const natsUrl = `nats://administrator:${password}@${nats.address}`;
    // While the image prepares the data its server listens on no port, so a reply comes from the final server.
    await until(() => connected(databaseUrl, (client) => client.query('select 1')));
    await until(async () => (await connect({ ...natsOptions({ url: natsUrl }), reconnect: false })).close());
    return { databaseUrl, natsUrl, stop: () => remove(ids) };
  } catch (error) {
    await remove(ids);
    throw error;
  }
}

interface Container {
  id: string;
  /** host:port on this machine. */
  address: string;
}

async function startContainer(
  image: string,
  options: { port: number; env: Record<string, string>; command: readonly string[] },
): Promise<Container> {
  const id = await docker(
    'run',
    '--detach',
    `--label=${OWNER_LABEL}=${process.pid}`,
    `--publish=127.0.0.1::${options.port}`,
    ...Object.entries(options.env).map(([name, value]) => `--env=${name}=${value}`),
    image,
    ...options.command,
  );
  return { id, address: await docker('port', id, String(options.port)) };
}

/** Removes the containers of test runs that were killed. */
async function removeOrphans(): Promise<void> {
  const list = await docker(
    'ps',
    '--all',
    `--filter=label=${OWNER_LABEL}`,
    `--format={{.ID}} {{.Label "${OWNER_LABEL}"}}`,
  );
  const containers = list.split('\n').map((line) => line.split(' '));
  await remove(containers.flatMap(([id, pid]) => (id && !isAlive(Number(pid)) ? [id] : [])));
}

async function remove(ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await docker('rm', '--force', '--volumes', ...ids);
}

async function docker(...args: string[]): Promise<string> {
  try {
    return (await promisify(execFile)('docker', args)).stdout.trim();
  } catch (error) {
    throw new Error('TEST_STACK=containers needs a running Docker engine and the docker command', {
      cause: error,
    });
  }
}

async function until(attempt: () => Promise<unknown>): Promise<void> {
  const limit = Date.now() + READY_LIMIT_MS;
  for (;;) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (Date.now() > limit) throw error;
      await sleep(100);
    }
  }
}
