import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Logger, Worker } from '@lienthong/kit';

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
  /** Decides first whether the call is genuine. When it throws, the provider gets 503 and calls again. */
  receive(callback: Callback): Promise<CallbackReply>;
}

export interface CallbackServerOptions {
  /** Of the worker, for the log. */
  name: string;
  /** host:port. */
  listen: string;
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

/**
 * Receives what providers report over HTTP. It is HTTP because providers have fixed callbacks. TLS ends at the proxy in
 * front.
 */
export function callbackServer({
  name,
  listen,
  log,
  maxBodyBytes,
  endpoints,
}: CallbackServerOptions): Worker {
  const running = new Set<Promise<void>>();
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 20_000 }, (request, response) => {
    const work: Promise<void> = serve(request, response).finally(() => running.delete(work));
    running.add(work);
  });
  server.maxConnections = 256;

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
    const close = given.status === 413 ? { connection: 'close' } : {};
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
    const body = await readBody(request, maxBodyBytes);
    if (body === undefined) return callbackReply(413, `the body is larger than ${maxBodyBytes} bytes`);
    const query = Object.fromEntries(url.searchParams);
    return endpoint.receive({ method, query, headers: request.headers, body });
  }

  return {
    name,
    async start() {
      const colon = listen.lastIndexOf(':');
      const host = listen.slice(0, colon).replace(/^\[|\]$/g, '');
      server.listen(Number(listen.slice(colon + 1)), host);
      await once(server, 'listening');
    },
    async stop() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      await Promise.all(running);
      server.closeAllConnections();
      await closed;
    },
  };
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
