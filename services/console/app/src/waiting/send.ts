import { exchange, PATIENCE_MS } from '../api/call.ts';
import { problemOf } from '../api/problem.ts';
import { refresh, serviceOf } from '../api/query-client.ts';
import type { Entry, Waiting } from './types.ts';

/** Where the commands are kept. */
interface Kept {
  read(): Promise<readonly Entry[]>;
  put(id: number, value: Waiting): Promise<void>;
  drop(id: number): Promise<void>;
}

/** Sends a person's commands until nothing is left that can go out. Resolves to false when it is to be begun again. */
export async function sendInOrder({ read, put, drop }: Kept): Promise<boolean> {
  /** Things that cannot go on for now; the others do. */
  const late = new Set<string>();
  for (;;) {
    const next = nextOf(await read(), late);
    if (next === undefined) return late.size === 0;
    const { id, value } = next;
    const problem = await sendOne(value).then(() => undefined, problemOf);
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

const sendOne = ({ method, request }: Waiting) =>
  exchange(method, JSON.stringify(request), { timeoutMs: PATIENCE_MS });
