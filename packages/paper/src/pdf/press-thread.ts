import { setImmediate } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import type { Order, Printed } from './press.ts';
import { renderPdf } from './render.ts';

let longOnes: Promise<unknown> = Promise.resolve();

// Shorter papers get their turn between the rows of a long table.
function print({ paper, long }: Order): Promise<Buffer> {
  const start = () => renderPdf(paper, () => setImmediate());
  if (!long) return start();
  const printed = longOnes.then(start, start);
  longOnes = printed;
  return printed;
}

parentPort?.on('message', async (order: Order) => {
  const { id } = order;
  const reply = (printed: Printed, transfer: ArrayBuffer[] = []) =>
    parentPort?.postMessage(printed, transfer);
  try {
    const content = new Uint8Array(await print(order));
    reply({ id, content }, [content.buffer]);
  } catch (error) {
    reply({ id, error: error instanceof Error ? error : new Error(String(error)) });
  }
});
