import { type Clock, type Refusal, refuse } from '@lienthong/kit';
import { createHttpClient } from '@lienthong/outbound';
import type { z } from 'zod';
import type { TraceSource } from './domain/source.ts';
import type { Span } from './domain/span.ts';
import { type request, toResources } from './otlp/json.ts';
import { keptOf } from './otlp/sent.ts';

export interface RemoteOptions {
  /** The base of its query service, such as http://jaeger:16686. */
  url: string;
  clock: Clock;
  /** How far back a search goes that names no beginning. */
  days: number;
}

/** Traces in another store; nothing of them is kept here. */
export interface RemoteSource extends TraceSource {
  close(): void;
}

const TIMEOUT_MS = 15_000;
const MAX_BYTES = 32 * 1024 * 1024;

/** Reads JSON from a store of traces. */
export function readRemote({ url, clock }: Pick<RemoteOptions, 'url' | 'clock'>) {
  const http = createHttpClient({ clock, timeoutMs: TIMEOUT_MS, readBytes: MAX_BYTES });
  const base = url.replace(/\/+$/, '');
  return {
    /**
     * Undefined: the store has nothing of it.
     * Refuses: TRACE_STORE_UNAVAILABLE, TRACE_STORE_UNREADABLE.
     */
    async get<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
      const { status, bytes, cause } = await http.send({
        url: `${base}${path}`,
        method: 'GET',
        headers: { accept: 'application/json' },
      });
      if (status === 404) return undefined;
      if (status !== 200) return refuse(unavailable, { cause: new Error(cause) });
      try {
        return schema.parse(JSON.parse((bytes ?? Buffer.alloc(0)).toString()));
      } catch (error) {
        return refuse(unreadable, { cause: error });
      }
    },
    close: () => http.close(),
  };
}

/** What is kept of the spans of a reply in OTLP/JSON. */
export const spansIn = (found: z.output<typeof request> | undefined): Span[] =>
  found === undefined ? [] : keptOf(toResources(found)).spans;

const unavailable: Refusal = {
  kind: 'unavailable',
  reason: 'TRACE_STORE_UNAVAILABLE',
  message: 'the store of traces does not answer; try again in a moment',
  retryAfterMs: 10_000,
};
const unreadable: Refusal = {
  kind: 'out-of-range',
  reason: 'TRACE_STORE_UNREADABLE',
  message: 'the store of traces gives more than can be read, or no traces; name a shorter time',
};
