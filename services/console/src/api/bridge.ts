import type { IncomingMessage } from 'node:http';
import type { HttpBindings } from '@hono/node-server';
import { fileDescriptorSet } from '@lienthong/contracts/descriptors';
import {
  awaitsResponse,
  createCodec,
  createUploadStore,
  encode,
  type HttpCaller,
  HttpRefusal,
  metadataOf,
  type Platform,
  type Route,
  readContracts,
  sendProblem,
  serveMethod,
  serveUploadAt,
} from '@lienthong/http-api';
import type { Logger } from '@lienthong/kit';
import { type Context, Hono } from 'hono';
import { SESSION } from '../first/calls.ts';
import type { Session } from '../session/session.ts';
import { serveFile } from './file.ts';
import { FILES, METHODS, UPLOADS } from './methods.ts';

export interface BridgeOptions {
  platform: Platform;
  sessionOf(c: Context): Promise<Session | undefined>;
  log: Logger;
}

export interface Bridge {
  routes: Hono<{ Bindings: HttpBindings }>;
  /** The reply to a call of a person, with request and reply as JSON. Throws what the platform refuses. */
  call(
    request: IncomingMessage,
    session: Session,
    method: string,
    json: string,
    timeoutMs: number,
  ): Promise<string>;
  stop(): void;
}

const PREFIX = '/api';
const UPLOADS_PATH = `${PREFIX}/uploads/`;

/** The platform for the pages of staff: the methods that they need, with the token of the person's session. */
export function createBridge({ platform, sessionOf, log }: BridgeOptions): Bridge {
  const { registry, routes: contracts } = readContracts(fileDescriptorSet());
  const uploads = createUploadStore();
  const stopping = new AbortController();
  const deps = { platform, codec: createCodec(registry), uploads, uploadsPath: UPLOADS_PATH, log };
  const routes = new Hono<{ Bindings: HttpBindings }>();

  /** Replies on Node's response itself, which takes files as fast as the page reads them. */
  async function reply(c: Context<{ Bindings: HttpBindings }>, serve: (caller: HttpCaller) => Promise<void>) {
    const { incoming, outgoing } = c.env;
    try {
      const session = await sessionOf(c);
      for (const [name, value] of c.body(null).headers) outgoing.appendHeader(name, value);
      outgoing.setHeader('cache-control', 'no-store');
      outgoing.setHeader('x-content-type-options', 'nosniff');
      if (session === undefined) throw signedOut();
      if ((incoming.headers[SESSION] ?? session.id) !== session.id) throw sessionChanged();
      outgoing.setHeader(SESSION, session.id);
      await serve(callerOf(session));
    } catch (error) {
      if (awaitsResponse(incoming, outgoing)) sendProblem(outgoing, error, log);
    }
    return new Response(null, ALREADY_SENT);
  }

  for (const name of [...METHODS, ...UPLOADS]) {
    const path = `/lienthong.${name}`;
    const route = contracts.get(path) as Route;
    routes.all(`${PREFIX}${path}`, (c) =>
      reply(c, (caller) =>
        serveMethod(
          { route, request: c.env.incoming, response: c.env.outgoing, caller },
          deps,
          stopping.signal,
        ),
      ),
    );
  }
  routes.all(`${UPLOADS_PATH}:id`, (c) =>
    reply(c, (caller) =>
      serveUploadAt(c.req.param('id'), { request: c.env.incoming, response: c.env.outgoing, caller }, deps),
    ),
  );
  for (const [kind, path] of Object.entries(FILES)) {
    const route = contracts.get(path) as Route;
    routes.get(`${PREFIX}/files/${kind}/:sha256`, (c) =>
      reply(c, (caller) =>
        serveFile({ route, request: c.env.incoming, response: c.env.outgoing, caller }, deps, {
          sha256: c.req.param('sha256'),
          name: c.req.query('ten') ?? '',
          contentType: c.req.query('loai') ?? '',
          shown: c.req.query('xem') !== undefined,
        }),
      ),
    );
  }

  return {
    routes,
    async call(request, session, name, json, timeoutMs) {
      const { path, method } = contracts.get(`/lienthong.${name}`) as Route;
      const message = encode(method.input, deps.codec.read(method.input, json));
      const reply = await platform.call(path, message, {
        metadata: metadataOf(request, callerOf(session)),
        timeoutMs,
        signal: stopping.signal,
      });
      return deps.codec.write(method.output, reply);
    },
    stop() {
      stopping.abort();
      uploads.close();
    },
  };
}

/** How the server of Hono learns that the response has gone out. */
const ALREADY_SENT = { headers: { 'x-hono-already-sent': 'true' } };

const callerOf = ({ accessToken, id }: Session): HttpCaller => ({
  authorization: `Bearer ${accessToken}`,
  owner: id,
});

const signedOut = () =>
  new HttpRefusal(401, {
    kind: 'unauthenticated',
    reason: 'SIGNED_OUT',
    message: 'the session has ended; sign in again',
  });

const sessionChanged = () =>
  new HttpRefusal(409, {
    kind: 'failed-precondition',
    reason: 'SESSION_CHANGED',
    message:
      'the session for which this was sent is over; see who is signed in now, and send it for that session',
  });
