import { setImmediate } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { renderHtml } from './html/render.ts';
import { renderPdf } from './pdf/render.ts';
import type { PrintReply, PrintRequest } from './press.ts';

let longPapers: Promise<unknown> = Promise.resolve();

// Short papers run between the rows of a long table of a PDF.
function print({ paper, format, long }: PrintRequest): Promise<Buffer> {
  const start = async () =>
    format === 'html' ? Buffer.from(renderHtml(paper)) : renderPdf(paper, () => setImmediate());
  if (!long) return start();
  const content = longPapers.then(start, start);
  longPapers = content;
  return content;
}

parentPort?.on('message', async (request: PrintRequest) => {
  const { id } = request;
  const reply = (message: PrintReply, transfer: ArrayBuffer[] = []) =>
    parentPort?.postMessage(message, transfer);
  try {
    const content = new Uint8Array(await print(request));
    reply({ id, content }, [content.buffer]);
  } catch (error) {
    reply({ id, error: error instanceof Error ? error : new Error(String(error)) });
  }
});
