import { BROUGHT, keyOf, SESSION } from '../../../src/first/calls.ts';
import type { Method, Reply } from '../../../src/first/types.ts';

/** Replies that came with the page, each for the first call that wants it. */
const brought = new Map<string, unknown>(
  Object.entries(JSON.parse(document.getElementById(BROUGHT)?.textContent || '{}')),
);
/** By then the first screen is there; later calls go to the platform. */
setTimeout(() => brought.clear(), 10_000);

/** The session for which the page was made; undefined for the page that the browser keeps, which is nobody's. */
export const broughtSession = brought.get(SESSION) as string | undefined;

/** The reply to a call, when the page came with it. */
export const seeBrought = <M extends Method>(method: M, body: string): Reply<M> | undefined =>
  brought.get(keyOf(method, body)) as Reply<M> | undefined;

/** The same, once. */
export function takeBrought<M extends Method>(method: M, body: string): Reply<M> | undefined {
  const reply = seeBrought(method, body);
  brought.delete(keyOf(method, body));
  return reply;
}
