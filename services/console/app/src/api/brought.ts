import { BROUGHT, keyOf } from '../../../src/first/calls.ts';

/** Replies that came with the page, each for the first call that wants it. */
const brought = new Map<string, unknown>(
  Object.entries(JSON.parse(document.getElementById(BROUGHT)?.textContent || '{}')),
);
/** By then the first screen is there; later calls go to the platform. */
setTimeout(() => brought.clear(), 10_000);

/** The reply to a call, when the page came with it. */
export function takeBrought(method: string, body: string): unknown {
  const key = keyOf(method, body);
  const reply = brought.get(key);
  brought.delete(key);
  return reply;
}
