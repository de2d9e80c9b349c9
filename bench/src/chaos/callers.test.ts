import { expect, it } from 'vitest';
import { callers } from './callers.ts';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

it('stops after the rounds under way', async () => {
  let rounds = 0;
  const running = callers(3, async () => {
    await turn();
    rounds += 1;
  });
  expect(await running.stop()).toEqual({ unanswered: 0, waiting: [] });
  expect(rounds).toBe(3);
});

it('names at the bound what a caller waits for, and counts it as unanswered', async () => {
  const running = callers(2, async (caller, _n, doing) => {
    doing('LodgeDossier');
    await turn();
    doing('CompleteTask 1');
    if (caller === 1) await new Promise<never>(() => {});
  });
  expect(await running.stop(30)).toEqual({ unanswered: 1, waiting: ['caller 1 waits for CompleteTask 1'] });
});

it('throws what is a fault of the program itself', async () => {
  const running = callers(2, async (caller) => {
    if (caller === 1) throw new TypeError('of this program');
    await turn();
  });
  await expect(running.stop()).rejects.toThrow('of this program');
});
