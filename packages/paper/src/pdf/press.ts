import { Worker } from 'node:worker_threads';
import { type Worker as Managed, type Refusal, RefusalError } from '@lienthong/kit';
import type { Paper } from '../content.ts';

/** How many papers may be under way. A long one counts as several: it takes up to 100 MB while it is made. */
const CAPACITY = 32;
const ROOM_OF_LONG = 8;
const LONG_ROWS = 500;
const MAX_HEAP_MB = 512;

/** The message to the thread. */
export interface Order {
  id: number;
  paper: Paper;
  /** Long papers are made one after the other. */
  long: boolean;
}
/** The thread's reply. */
export type Printed = { id: number; content: Uint8Array } | { id: number; error: Error };

/** Makes PDFs on a thread of its own: a page takes 0.1 s, a full register some seconds. */
export interface PdfPress extends Managed {
  /** Refuses: TOO_MANY_PAPERS. */
  print(paper: Paper): Promise<Buffer>;
}

interface Waiting {
  room: number;
  resolve(content: Buffer): void;
  reject(error: Error): void;
}

/** The thread starts with the first paper and does not keep the process alive. After it dies, the next paper starts another. */
export function createPdfPress(): PdfPress {
  let worker: Worker | undefined;
  let last = 0;
  const waiting = new Map<number, Waiting>();

  const taken = () => waiting.values().reduce((sum, { room }) => sum + room, 0);

  function failed(of: Worker, error: Error): void {
    if (worker !== of) return;
    worker = undefined;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  }

  function started(): Worker {
    const thread = new Worker(new URL('./press-thread.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    });
    thread.on('message', (printed: Printed) => {
      const order = waiting.get(printed.id);
      waiting.delete(printed.id);
      if (waiting.size === 0) thread.unref();
      if ('error' in printed) order?.reject(printed.error);
      else order?.resolve(Buffer.from(printed.content.buffer));
    });
    thread.on('error', (error: Error) => failed(thread, error));
    thread.on('exit', () => failed(thread, new Error('the PDF thread ended')));
    return thread;
  }

  return {
    name: 'PDF press',
    start: async () => {},
    print: (paper) =>
      new Promise((resolve, reject) => {
        const long = paper.blocks.some((block) => block.kind === 'table' && block.rows.length > LONG_ROWS);
        const room = long ? ROOM_OF_LONG : 1;
        if (taken() + room > CAPACITY) return reject(new RefusalError(tooMany));
        worker ??= started();
        last += 1;
        waiting.set(last, { resolve, reject, room });
        worker.ref();
        worker.postMessage({ id: last, paper, long } satisfies Order);
      }),
    async stop() {
      await worker?.terminate();
    },
  };
}

const tooMany: Refusal = {
  kind: 'resource-exhausted',
  reason: 'TOO_MANY_PAPERS',
  message: 'too many papers are being made; try again in a moment, or request HTML',
  retryAfterMs: 2_000,
};
