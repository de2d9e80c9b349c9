import { setImmediate } from 'node:timers/promises';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { RefusalError } from '../../src/errors.ts';
import { createThreads, type ThreadOptions } from '../../src/work/threads.ts';
import type * as LongWork from '../support/long-work.ts';

const opened: { stop(): Promise<void> }[] = [];
afterEach(() => Promise.all(opened.splice(0).map((one) => one.stop())));

function threads(options: Partial<ThreadOptions> = {}) {
  const module = new URL('../support/long-work.ts', import.meta.url);
  const created = createThreads<typeof LongWork>({ name: 'test', module, ...options });
  opened.push(created);
  return created;
}
const OVER_BUDGET = { refusal: { kind: 'resource-exhausted', reason: 'WORK_BUDGET_EXCEEDED' } };
const flag = () => new SharedArrayBuffer(4);
function release(held: SharedArrayBuffer): void {
  Atomics.store(new Int32Array(held), 0, 1);
  Atomics.notify(new Int32Array(held), 0);
}

test('a function gives its result, or what it throws, again and again', async () => {
  const { run } = threads();
  expect(await Promise.all([1, 2, 3].map((n) => run('p', 'double', n)))).toEqual([2, 4, 6]);
  await expect(run('p', 'fail', 'wrong')).rejects.toThrow(new TypeError('wrong'));
  expect(await run('p', 'double', 4)).toBe(8);
});

test('a refusal stays a refusal', async () => {
  const refused = threads().run('p', 'refuseAge');
  await expect(refused).rejects.toBeInstanceOf(RefusalError);
  await expect(refused).rejects.toMatchObject({ refusal: { reason: 'AGE_INVALID' } });
});

test.each([
  ['an argument', 'double', [() => 1], 'could not be cloned'],
  ['a result', 'giveFunction', [], 'could not be cloned'],
  ['an error', 'failWithFunction', [], 'TypeError: wrong'],
] as const)('%s that cannot be cloned fails its job at once, and no other', async (_, name, args, words) => {
  const { run } = threads({ budgetMs: 3_600_000 });
  const jobs = [run('p', 'double', 1), run('p', name, ...(args as [])), run('p', 'double', 2)];
  expect(await Promise.allSettled(jobs)).toMatchObject([
    { value: 2 },
    { reason: { message: expect.stringContaining(words) } },
    { value: 4 },
  ]);
});

test('the main thread goes on while a function holds its thread', async () => {
  const { run } = threads();
  const held = flag();
  const result = run('p', 'hold', held);
  for (let turn = 0; turn < 1_000; turn += 1) await setImmediate();
  release(held);
  expect(await result).toBe('released');
});

test('a function over its time is ended and refused; those that wait go on in another thread', async () => {
  const { run } = threads({ budgetMs: 300 });
  const spinning = run('p', 'spin');
  const waiting = run('p', 'hold', new SharedArrayBuffer(4)).catch(({ refusal }) => refusal.reason);
  await expect(spinning).rejects.toMatchObject(OVER_BUDGET);
  expect(await waiting).toBe('WORK_BUDGET_EXCEEDED');
});

test('a function over its memory is refused, and the process lives', async () => {
  const { run } = threads({ budgetMib: 32 });
  await expect(run('p', 'grow')).rejects.toMatchObject(OVER_BUDGET);
  expect(await run('p', 'double', 1)).toBe(2);
});

test('one principal fills only its part of the waiting places, and gets them back', async () => {
  const { run } = threads({ waiting: 3, waitingPerPrincipal: 2 });
  const held = flag();
  const running = [run('a', 'hold', held), run('a', 'double', 1)];
  await expect(run('a', 'double', 2)).rejects.toMatchObject({ refusal: { reason: 'SERVER_BUSY' } });
  running.push(run('b', 'double', 3));
  await expect(run('c', 'double', 4)).rejects.toMatchObject({ refusal: { reason: 'SERVER_BUSY' } });
  release(held);
  expect(await Promise.all(running)).toEqual(['released', 2, 6]);
  expect(await run('a', 'double', 5)).toBe(10);
});

test('principals take turns, however many jobs one of them has', async () => {
  const { run } = threads({ waitingPerPrincipal: 16 });
  const held = flag();
  const order: string[] = [];
  const log = (principal: string) => run(principal, 'double', 1).then(() => order.push(principal));
  const running = [run('a', 'hold', held), ...['a', 'a', 'a', 'b', 'b', 'c'].map(log)];
  release(held);
  await Promise.all(running);
  expect(order).toEqual(['a', 'b', 'c', 'a', 'b', 'a']);
});

test('a stop ends threads in the middle of their work, and no other begins', async () => {
  let opened = 0;
  const count = () => {
    opened += 1;
  };
  process.on('worker', count);
  onTestFinished(() => void process.off('worker', count));
  const created = threads();
  const messages = ['spin', 'spin'].map((name) =>
    created.run('p', name as 'spin').catch((error: Error) => error.message),
  );
  await created.stop();
  expect(await Promise.all(messages)).toEqual([
    expect.stringContaining('ended in the middle of spin'),
    'test has stopped',
  ]);
  await expect(created.run('p', 'double', 1)).rejects.toThrow('test has stopped');
  await setImmediate();
  expect(opened).toBe(1);
});

test('a thread opens for a job only', async () => {
  let opened = 0;
  const count = () => {
    opened += 1;
  };
  process.on('worker', count);
  onTestFinished(() => void process.off('worker', count));
  const { run } = threads({ threads: 2, budgetMs: 300 });
  await expect(run('p', 'spin')).rejects.toMatchObject(OVER_BUDGET);
  await setImmediate();
  expect(opened).toBe(1);
});
