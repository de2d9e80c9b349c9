import { expect, test, vi } from 'vitest';
import { periodically } from '../src/index.ts';
import { memoryLog } from './support/log.ts';

test('a task runs at once and again, and a failure is logged and does not end it', async () => {
  const { log, lines } = memoryLog();
  let runs = 0;
  const worker = periodically('janitor', 1, log, async () => {
    runs += 1;
    if (runs === 2) throw new Error('the database is away');
  });
  await worker.start();
  await vi.waitFor(() => expect(runs).toBeGreaterThan(3), 20_000);
  await worker.stop();
  const ended = runs;
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({ worker: 'janitor', msg: 'worker failed; will run again' });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(runs).toBe(ended);
});

test('a stop waits for the run under way, and cuts the pause short', async () => {
  const { log } = memoryLog();
  const release = Promise.withResolvers<void>();
  let finished = false;
  const worker = periodically('janitor', 3_600_000, log, async () => {
    await release.promise;
    finished = true;
  });
  await worker.start();
  const stopped = worker.stop().then(() => finished);
  release.resolve();
  expect(await stopped).toBe(true);
  const idle = periodically('janitor', 3_600_000, log, async () => {});
  await idle.start();
  await idle.stop();
});

test('a pause that is a function is asked after each run', async () => {
  const { log } = memoryLog();
  let runs = 0;
  const worker = periodically(
    'janitor',
    () => (runs < 3 ? 1 : 3_600_000),
    log,
    async () => {
      runs += 1;
    },
  );
  await worker.start();
  await vi.waitFor(() => expect(runs).toBe(3), 20_000);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(runs).toBe(3);
  await worker.stop();
});
