import { createPositions } from '@lienthong/client/positions';
import type { Method, Reply, Request } from '../../../src/first/types.ts';
import { takeBrought } from './brought.ts';
import { lost } from './connection.ts';
import { Problem, problemFrom } from './problem.ts';
import { waitForSignIn } from './session.ts';

export type { Method, Reply, Request } from '../../../src/first/types.ts';

/** What this page has written is known to the service that it calls next. */
const positions = createPositions();

/** Of a reply: the session for which it was made. Of a request: the one that it is for; another one's is refused. */
export const SESSION = 'lien-thong-session';

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
  if (brought !== undefined) return brought as Reply<M>;
  const headers = { ...(service !== undefined && { 'lien-thong-service': service }) };
  // The platform is not away with one of its services.
  const watched = service === undefined;
  return (await exchange<M>(method, body, { headers, signal, watched })).reply;
}

interface Sending {
  /** A reply that says the platform is away counts as a lost connection. */
  watched?: boolean;
  /** A line that gives no reply for so long is down. */
  timeoutMs?: number | undefined;
}

/** The reply to a call, and the session for which it was made. Throws Problem. */
export async function exchange<M extends Method>(
  method: M,
  body: string,
  {
    headers,
    signal,
    ...sending
  }: Sending & { headers?: Record<string, string>; signal?: AbortSignal | undefined },
): Promise<{ reply: Reply<M>; session: string }> {
  const after = positions.read();
  const init = {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(after !== '' && { 'lienthong-after': after }),
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
export async function send(
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
