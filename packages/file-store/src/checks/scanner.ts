import { type Clock, type Refusal, refuse, type Worker } from '@lienthong/kit';
import { createHttpClient } from '@lienthong/outbound';
import { z } from 'zod';
import type { StoredContent } from '../upload/upload.ts';

/** Looks for harmful content before it becomes a file; among a service's workers, so that its connections end. */
export interface Scanner extends Worker {
  /** Refuses: FILE_INFECTED, SCANNER_UNAVAILABLE. */
  approve(content: StoredContent): Promise<void>;
}

const verdict = z.object({ verdict: z.enum(['clean', 'infected']) });

/**
 * A scanner behind HTTP: the content is the body of a POST, the reply is {"verdict": "clean"} or
 * {"verdict": "infected"}. Everything else counts as no verdict.
 */
export function httpScanner({
  url,
  timeoutMs,
  clock,
}: {
  url: string;
  timeoutMs: number;
  clock: Clock;
}): Scanner {
  const client = createHttpClient({ clock, timeoutMs });
  return {
    name: 'file scanner',
    async start() {},
    async approve({ sha256, sizeBytes, read }) {
      const { status, text, cause } = await client.send({
        url,
        headers: { 'content-type': 'application/octet-stream', 'idempotency-key': sha256 },
        body: { sizeBytes, read },
      });
      const parsed = status === 200 ? verdict.safeParse(jsonOf(text)) : undefined;
      if (parsed?.success !== true) return refuse(noVerdict, { cause: new Error(`the scanner: ${cause}`) });
      if (parsed.data.verdict === 'infected') refuse(infected);
    },
    async stop() {
      client.close();
    },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const noVerdict: Refusal = {
  kind: 'unavailable',
  reason: 'SCANNER_UNAVAILABLE',
  message: 'files cannot be checked at the moment; nothing was kept, send it again later',
  retryAfterMs: 30_000,
};

const infected: Refusal = {
  kind: 'failed-precondition',
  reason: 'FILE_INFECTED',
  message: 'the file contains harmful content; nothing was kept. Check the device it comes from',
};
