import { createPositions } from '@lienthong/client/positions';
import { SESSION } from '../../../src/first/calls.ts';
import type { Method, Reply, Request } from '../../../src/first/types.ts';
import { takeBrought } from './brought.ts';
import { lost } from './connection.ts';
import { enterSession, leaveSession, sessionNow, WHO } from './person.ts';
import { Problem, problemFrom } from './problem.ts';
import { waitForSignIn } from './session.ts';

export type { Method, Reply, Request } from '../../../src/first/types.ts';

/** A line that gives no reply for so long is down. */
export const PATIENCE_MS = 20_000;

/** What this page has written is known to the service that it calls next. */
const positions = createPositions();

/**
 * Calls a method of the platform with the person's session. Throws Problem.
 * @param service of a method that each service has: the one that is meant
 */
export async function call<M extends Method>(
  method: M,
  request: Request<M>,
  signal?: AbortSignal,
  service?: string,
): Promise<Reply<M>> {
  const body = JSON.stringify(request);
  const brought = service === undefined ? takeBrought(method, body) : undefined;
  if (brought !== undefined) return brought;
  const headers = { ...(service !== undefined && { 'lien-thong-service': service }) };
  // The platform is not away with one of its services.
  const watched = service === undefined;
  return exchange(method, body, { headers, signal, watched });
}

interface Sending {
  /** A reply that says the platform is away counts as a lost connection. */
  watched?: boolean;
  /** A line that gives no reply for so long is down. */
  timeoutMs?: number | undefined;
}
interface Calling extends Sending {
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
}

/** The reply to a call, made in a session of the page's person and in no other one. Throws Problem. */
export const exchange = <M extends Method>(method: M, body: string, calling: Calling): Promise<Reply<M>> =>
  method === WHO
    ? findSession(calling).then(({ reply }) => reply as Reply<M>)
    : inSession((session) => post(method, body, session, calling)).then(({ reply }) => reply);

/** Does something in a session of the page's person, again in the next one when it is over. */
export async function inSession<T>(act: (session: string) => Promise<T>): Promise<T> {
  for (;;) {
    const session = sessionNow() ?? (await findOnce()).session;
    try {
      return await act(session);
    } catch (problem) {
      if (!(problem instanceof Problem) || problem.reason !== 'SESSION_CHANGED') throw problem;
      leaveSession(session);
    }
  }
}

/** Who has signed in, and in which session. Throws Problem: SESSION_CHANGED when it is another person than the page's. */
async function findSession(calling: Calling) {
  const found = await post(WHO, '{}', undefined, calling);
  enterSession(found.reply.officerId, found.session);
  return found;
}

let finding: ReturnType<typeof findSession> | undefined;

/** The same, one call for all that wait for it. */
function findOnce(): ReturnType<typeof findSession> {
  finding ??= findSession({ timeoutMs: PATIENCE_MS }).finally(() => {
    finding = undefined;
  });
  return finding;
}

/** @param session for which alone it is */
async function post<M extends Method>(
  method: M,
  body: string,
  session: string | undefined,
  { headers, signal, ...sending }: Calling,
): Promise<{ reply: Reply<M>; session: string }> {
  const after = positions.read();
  const init = {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(after !== '' && { 'lienthong-after': after }),
      ...(session !== undefined && { [SESSION]: session }),
      ...headers,
    },
    body,
    ...(signal && { signal }),
  };
  const response = await send(`/api/lienthong.${method}`, init, sending);
  positions.add(response.headers.get('lienthong-written') ?? '');
  // A line may end in the middle of a reply.
  const reply: Reply<M> = await response.json().catch((error: unknown) => noReply(error, signal));
  return { reply, session: response.headers.get(SESSION) ?? '' };
}

/** Sends a request, again when a person who was signed out is back. Throws Problem. */
async function send(
  path: string,
  init: RequestInit,
  { watched = true, timeoutMs }: Sending = {},
): Promise<Response> {
  for (;;) {
    const attempt = timeoutMs === undefined ? init : { ...init, signal: AbortSignal.timeout(timeoutMs) };
    const response = await fetch(path, attempt).catch((error: unknown) => noReply(error, init.signal));
    if (response.ok) return response;
    if (response.status === 401) {
      await waitForSignIn();
      continue;
    }
    const problem = await problemFrom(response);
    if (problem.isAway && watched) lost();
    throw problem;
  }
}

/** @param signal of the call: one that the page no longer wants is no lost connection */
function noReply(error: unknown, signal: AbortSignal | null | undefined): never {
  if (signal?.aborted) throw error;
  lost();
  throw new Problem(0, 'NO_REPLY', String(error));
}
