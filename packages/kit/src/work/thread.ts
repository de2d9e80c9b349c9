/** The program of a thread of `createThreads`: carries out one function of a module after another. */
import { parentPort, workerData } from 'node:worker_threads';
import { RefusalError } from '../errors.ts';
import type { Order, Reply } from './threads.ts';

const functions: Record<string, (...args: unknown[]) => unknown> = await import(workerData.module);
const reply = (given: Reply) => parentPort?.postMessage(given);

parentPort?.on('message', async ({ name, args }: Order) => {
  try {
    const carryOut = functions[name];
    if (carryOut === undefined) throw new Error(`${workerData.module} has no ${name}`);
    reply({ value: await carryOut(...args) });
  } catch (error) {
    replyError(error);
  }
});

function replyError(error: unknown): void {
  try {
    reply(error instanceof RefusalError ? { refusal: error.refusal } : { error });
  } catch {
    // What the error carries cannot be cloned; its name and message can.
    reply({ error: new Error(String(error)) });
  }
}
