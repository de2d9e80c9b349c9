import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { httpServer, type ListenTls, type Logger, type Worker } from '@lienthong/kit';

/** One call of a provider. */
export interface Callback {
  method: 'POST' | 'GET';
  query: Readonly<Record<string, string>>;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** JSON, or a page for people. */
export type CallbackReply = { status: number; body: object } | { status: number; html: string };

export interface CallbackEndpoint {
  methods: readonly ('POST' | 'GET')[];
  /**
   * Decides by the headers alone, before the body is read: a reply that refuses the call, or what frees the room that the body
   * takes. Without it every body is read.
   */
  admit?(headers: IncomingHttpHeaders): Promise<CallbackReply | (() => void)>;
  /** Decides first whether the call is genuine. When it throws, the provider gets 503 and calls again. */
  receive(callback: Callback): Promise<CallbackReply>;
}

export interface CallbackServerOptions {
  /** Of the worker, for the log. */
  name: string;
  /** host:port. */
  listen: string;
  tls: ListenTls;
  log: Logger;
  maxBodyBytes: number;
  /** By path. */
  endpoints: ReadonlyMap<string, CallbackEndpoint>;
}

const JSON_TYPE = { 'content-type': 'application/json' };
/** A page runs nothing, loads nothing, and gives its address, which may hold a token, to nobody. */
const PAGE = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/** Receives what providers report over HTTP, because providers have fixed callbacks. */
export function callbackServer({
  name,
  listen,
  tls,
  log,
  maxBodyBytes,
  endpoints,
}: CallbackServerOptions): Worker {
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let given: CallbackReply;
    try {
      given = await handle(request);
    } catch (err) {
      if (request.destroyed && !request.complete) return;
      log.warn({ err, callbacks: name }, 'callback not processed');
      given = callbackReply(503, 'the call was not processed; send it again later');
    }
    const [headers, body] =
      'html' in given ? [PAGE, given.html] : [JSON_TYPE, `${JSON.stringify(given.body)}\n`];
    // The rest of a body that was not read is never read.
    const close = request.complete ? {} : { connection: 'close' };
    response.writeHead(given.status, { ...headers, ...close }).end(body);
  }

  async function handle(request: IncomingMessage): Promise<CallbackReply> {
    const url = URL.parse(request.url ?? '', 'http://callbacks');
    const endpoint = url && endpoints.get(url.pathname);
    if (!endpoint) return callbackReply(404, `this path is unknown; use ${[...endpoints.keys()].join(', ')}`);
    const { methods } = endpoint;
    const method = methods.find((one) => one === request.method);
    if (method === undefined)
      return callbackReply(405, `this method is not allowed; use ${methods.join(' or ')}`);
    const admitted = await endpoint.admit?.(request.headers);
    if (typeof admitted === 'object') return admitted;
    try {
      const body = await readBody(request, maxBodyBytes);
      if (body === undefined) return callbackReply(413, `the body is larger than ${maxBodyBytes} bytes`);
      const query = Object.fromEntries(url.searchParams);
      return await endpoint.receive({ method, query, headers: request.headers, body });
    } finally {
      admitted?.();
    }
  }

  return httpServer({ name, listen, tls, serve });
}

/** The body; undefined when it is larger than allowed. */
async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop must not end the connection: the reply uses it.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export const callbackReply = (status: number, message: string): CallbackReply => ({
  status,
  body: { message },
});
