import { Worker } from 'node:worker_threads';
import { type Worker as Managed, type Refusal, RefusalError } from '@lienthong/kit';
import type { Paper } from './content.ts';

/** The most papers in progress. A long one counts as several, because it takes up to 100 MB. */
const CAPACITY = 32;
const LONG_SIZE = 8;
const LONG_ROWS = 500;
const MAX_HEAP_MB = 512;

export type PaperFormat = 'pdf' | 'html';

/** The message to the thread. */
export interface PrintRequest {
  id: number;
  paper: Paper;
  format: PaperFormat;
  /** Long papers are made one after the other. */
  long: boolean;
}
/** The thread's reply. */
export type PrintReply = { id: number; content: Uint8Array } | { id: number; error: Error };

/** Makes papers on its own thread: a page of PDF takes 0.1 s, a full register some seconds. */
export interface Press extends Managed {
  /** Refuses: TOO_MANY_PAPERS. */
  print(paper: Paper, format: PaperFormat): Promise<Buffer>;
}

interface Waiting {
  size: number;
  resolve(content: Buffer): void;
  reject(error: Error): void;
}

/** The thread starts with the first paper and does not keep the process alive. After it dies, the next paper starts another. */
export function createPress(): Press {
  let worker: Worker | undefined;
  let last = 0;
  const waiting = new Map<number, Waiting>();

  const sizeInProgress = () => waiting.values().reduce((sum, { size }) => sum + size, 0);

  function rejectAll(of: Worker, error: Error): void {
    if (worker !== of) return;
    worker = undefined;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  }

  function startThread(): Worker {
    const thread = new Worker(new URL('./press-thread.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    });
    thread.on('message', (reply: PrintReply) => {
      const request = waiting.get(reply.id);
      waiting.delete(reply.id);
      if (waiting.size === 0) thread.unref();
      if ('error' in reply) request?.reject(reply.error);
      else request?.resolve(Buffer.from(reply.content.buffer));
    });
    thread.on('error', (error: Error) => rejectAll(thread, error));
    thread.on('exit', () => rejectAll(thread, new Error('the thread of the press ended')));
    return thread;
  }

  return {
    name: 'press',
    start: async () => {},
    print: (paper, format) =>
      new Promise((resolve, reject) => {
        const long = paper.blocks.some((block) => block.kind === 'table' && block.rows.length > LONG_ROWS);
        const size = long ? LONG_SIZE : 1;
        if (sizeInProgress() + size > CAPACITY) return reject(new RefusalError(tooMany));
        worker ??= startThread();
        last += 1;
        waiting.set(last, { resolve, reject, size });
        worker.ref();
        worker.postMessage({ id: last, paper, format, long } satisfies PrintRequest);
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
