import { BROUGHT, firstCalls, keyOf, SESSION } from '../first/calls.ts';

/** What the page waits for at most; what is not there by then it reads itself. */
const WAIT_MS = 500;

/** Calls the platform for the person whose page it is. */
export type CallForPage = (method: string, json: string, timeoutMs: number) => Promise<string>;

/**
 * An element with the replies that the first screen at an address needs, and the session for which they are: on a slow
 * line that spares a round trip. What the platform refuses is left out; the screen calls it again and says why.
 * @param path below the application's
 */
export async function broughtElement(
  path: string,
  search: URLSearchParams,
  session: string,
  call: CallForPage,
): Promise<string> {
  const replies = await Promise.all(
    firstCalls(path, Object.fromEntries(search)).map(async ([method, request]) => {
      const json = JSON.stringify(request);
      const reply = await call(method, json, WAIT_MS).catch(() => undefined);
      return reply === undefined ? [] : [`${JSON.stringify(keyOf(method, json))}:${reply}`];
    }),
  );
  // In a script no text ends the element but "<".
  const named = [`${JSON.stringify(SESSION)}:${JSON.stringify(session)}`, ...replies.flat()];
  const data = `{${named.join(',')}}`.replaceAll('<', '\\u003c');
  return `<script type="application/json" id="${BROUGHT}">${data}</script>`;
}
