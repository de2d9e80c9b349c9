import { exchange, SESSION } from '../api/call.ts';
import { Problem, problemOf } from '../api/problem.ts';
import { refresh, serviceOf } from '../api/query-client.ts';
import type { Entry, Waiting } from './types.ts';

/** A line that gives no reply for so long is down. */
export const PATIENCE_MS = 20_000;

/** Where the commands are kept. */
interface Kept {
  read(): Promise<readonly Entry[]>;
  put(id: number, value: Waiting): Promise<void>;
  drop(id: number): Promise<void>;
}

/** Sends a person's commands until nothing is left that can go out. Resolves to false when it is to be begun again. */
export async function sendInOrder(owner: string, { read, put, drop }: Kept): Promise<boolean> {
  /** Things that cannot go on for now; the others do. */
  const late = new Set<string>();
  if (nextOf(await read(), late) === undefined) return true;
  const caller = await callerNow().catch(problemOf);
  if (caller instanceof Problem) return !caller.isForNow;
  if (caller.officerId !== owner) return true;
  for (;;) {
    const next = nextOf(await read(), late);
    if (next === undefined) return late.size === 0;
    const { id, value } = next;
    const problem = await sendOne(value, caller.session).then(() => undefined, problemOf);
    if (problem === undefined) {
      await drop(id);
      refresh(serviceOf(value.method));
      continue;
    }
    const { isAway, isForNow, status, reason, message: detail, violations } = problem;
    // Too many requests of the person: the next one would be too many too.
    if (isAway || status === 429 || reason === 'SESSION_CHANGED') return false;
    if (isForNow) late.add(value.thing);
    else await put(id, { ...value, refused: { status, reason, detail, violations } });
  }
}

/** The oldest that no earlier one about the same thing holds up: one that is late, or waits for the person's decision. */
export function nextOf(entries: readonly Entry[], late: ReadonlySet<string>): Entry | undefined {
  const held = new Set(late);
  return entries.find(({ value: { thing, refused } }) => {
    if (refused !== undefined) held.add(thing);
    return !held.has(thing);
  });
}

/** Whose session the browser has now, and which. */
async function callerNow(): Promise<{ officerId: string; session: string }> {
  const { reply, session } = await exchange('directory.v1.AgencyDirectoryService/GetCaller', '{}', {
    timeoutMs: PATIENCE_MS,
  });
  return { officerId: reply.officerId, session };
}

/** In one session alone: what one person has given is never sent for another one, who may sign in at any moment. */
const sendOne = ({ method, request }: Waiting, session: string) =>
  exchange(method, JSON.stringify(request), { headers: { [SESSION]: session }, timeoutMs: PATIENCE_MS });
