import { setImmediate } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import type { Order, Printed } from './press.ts';
import { renderPdf } from './render.ts';

// Between the rows of a long table shorter papers have their turn.
parentPort?.on('message', async ({ id, paper }: Order) => {
  const answer = (printed: Printed, transfer: ArrayBuffer[] = []) =>
    parentPort?.postMessage(printed, transfer);
  try {
    const content = new Uint8Array(await renderPdf(paper, () => setImmediate()));
    answer({ id, content }, [content.buffer]);
  } catch (error) {
    answer({ id, error: error instanceof Error ? error : new Error(String(error)) });
  }
});
