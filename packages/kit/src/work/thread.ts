/** The program of a thread of `createThreads`: carries out one function of a module after another. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Order, Reply } from './threads.ts';

const functions: Record<string, (...args: unknown[]) => unknown> = await import(workerData.module);

parentPort?.on('message', async ({ name, args }: Order) => {
  const reply = (given: Reply) => parentPort?.postMessage(given);
  try {
    const carryOut = functions[name];
    if (carryOut === undefined) throw new Error(`${workerData.module} has no ${name}`);
    reply({ value: await carryOut(...args) });
  } catch (error) {
    reply({ error });
  }
});
