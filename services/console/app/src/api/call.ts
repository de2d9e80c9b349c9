import { createPositions } from '@lienthong/client/positions';
import type { Method, Reply, Request } from '../../../src/first/types.ts';
import { takeBrought } from './brought.ts';
import { lost } from './connection.ts';
import { Problem, problemFrom } from './problem.ts';
import { waitForSignIn } from './session.ts';

export type { Method, Reply, Request } from '../../../src/first/types.ts';

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
  if (brought !== undefined) return brought as Reply<M>;
  const after = positions.read();
  const response = await send(
    `/api/lienthong.${method}`,
    {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(after !== '' && { 'lienthong-after': after }),
        ...(service !== undefined && { 'lien-thong-service': service }),
      },
      body,
      ...(signal && { signal }),
    },
    // The platform is not away with one of its services.
    service === undefined,
  );
  positions.add(response.headers.get('lienthong-written') ?? '');
  return (await response.json()) as Reply<M>;
}

/**
 * Sends a request, again when a person who was signed out is back.
 * @param watched a reply that says the platform is away counts as a lost connection
 */
export async function send(path: string, init: RequestInit, watched = true): Promise<Response> {
  for (;;) {
    const response = await fetch(path, init).catch((error: unknown) => {
      if (init.signal?.aborted) throw error;
      lost();
      throw new Problem(0, 'NO_REPLY', String(error));
    });
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
