import { createPositions } from '@lienthong/client/positions';
import type { Calls } from '@lienthong/contracts/json';
import { lost } from './connection.ts';
import { Problem, problemFrom } from './problem.ts';
import { waitForSignIn } from './session.ts';

/** A request: what is left out is empty. */
export type Sent<T> = T extends readonly (infer U)[]
  ? readonly Sent<U>[]
  : T extends object
    ? { [K in keyof T]?: Sent<T[K]> }
    : T;
export type Method = keyof Calls;
export type Request<M extends Method> = Sent<Calls[M]['request']>;
export type Reply<M extends Method> = Calls[M]['reply'];

/** What this page has written is known to the service that it calls next. */
const positions = createPositions();

/** Calls a method of the platform with the person's session. Throws Problem. */
export async function call<M extends Method>(
  method: M,
  request: Request<M>,
  signal?: AbortSignal,
): Promise<Reply<M>> {
  const after = positions.read();
  const response = await send(`/api/lienthong.${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(after !== '' && { 'lienthong-after': after }) },
    body: JSON.stringify(request),
    ...(signal && { signal }),
  });
  positions.add(response.headers.get('lienthong-written') ?? '');
  return (await response.json()) as Reply<M>;
}

/** Sends a request, again when a person who was signed out is back. */
export async function send(path: string, init: RequestInit): Promise<Response> {
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
    if (problem.isAway) lost();
    throw problem;
  }
}
