import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { query, running, temporaryDirectory } from './support/fixtures.ts';

const proposed = vi.hoisted((): number[] => []);

vi.mock('../src/free-port.ts', async (load) => {
  const { freePort } = await load<typeof import('../src/free-port.ts')>();
  return { freePort: async () => proposed.pop() ?? freePort() };
});

test('a port taken after it was chosen is given up for another', async () => {
  const squatter = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void squatter.close());
  await once(squatter, 'listening');
  const { port } = squatter.address() as { port: number };
  proposed.push(port, port);
  const stack = await running({ dataDir: temporaryDirectory() });
  expect(proposed).toEqual([]);
  expect([stack.postgres.port, stack.nats.port]).not.toContain(port);
  expect(await query(stack.databaseUrl, 'select 1')).toEqual([[1]]);
});
