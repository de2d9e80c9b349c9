import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startStack } from '../src/index.ts';
import { query, running, temporaryDirectory } from './support/fixtures.ts';

const proposed = vi.hoisted((): number[] => []);

vi.mock('../src/free-port.ts', async (load) => {
  const { freePort } = await load<typeof import('../src/free-port.ts')>();
  return { freePort: async () => proposed.pop() ?? freePort() };
});

async function takenPort(): Promise<number> {
  const squatter = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void squatter.close());
  await once(squatter, 'listening');
  return (squatter.address() as { port: number }).port;
}

test('a port taken after it was chosen is given up for another', async () => {
  const port = await takenPort();
  proposed.push(port, port);
  const stack = await running({ dataDir: temporaryDirectory() });
  expect(proposed).toEqual([]);
  expect([stack.postgres.port, stack.nats.port]).not.toContain(port);
  expect(await query(stack.databaseUrl, 'select 1')).toEqual([[1]]);
});

test('a port that was set is kept, and one that is taken is refused with the setting to change', async () => {
  const { freePort } = await import('../src/free-port.ts');
  const [postgres, nats] = [await freePort(), await freePort()];
  const dataDir = temporaryDirectory();
  for (const _ of ['first', 'second']) {
    const stack = await running({ dataDir, ports: { postgres, nats } });
    expect([stack.postgres.port, stack.nats.port]).toEqual([postgres, nats]);
    await stack.stop();
  }
  const taken = await takenPort();
  await expect(startStack({ dataDir, ports: { postgres: taken } })).rejects.toThrow(
    `PostgreSQL did not start: port ${taken} on 127.0.0.1 is taken`,
  );
  await expect(startStack({ dataDir, ports: { nats: taken } })).rejects.toThrow(/NATS_PORT/);
});
