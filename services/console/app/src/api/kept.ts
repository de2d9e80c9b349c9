import { type DehydratedState, dehydrate, hydrate, type QueryClient } from '@tanstack/react-query';
import { LEFT } from '../../../src/first/left.ts';
import { enter, keepShown, leave, readShown } from './person-store.ts';

type Replies = DehydratedState['queries'];

/** What screens showed last, for when they are opened without a line. */
const WRITE_MS = 2_000;
/** Larger ones are of long lists; the newest replies are kept. */
const MAX_CHARACTERS = 2_000_000;
const MAX_AGE_MS = 7 * 24 * 60 * 60_000;

/** Shows at once what the screens of the person showed who works here; all is read again when the line is there. */
export async function showKept(client: QueryClient): Promise<void> {
  if (document.cookie.includes(`${LEFT}=`)) {
    await leave();
    return;
  }
  const queries = await readShown<Replies>();
  if (queries !== undefined) hydrate(client, { queries, mutations: [] });
}

/** Writes down what a person's screens show, a moment after it changes. */
export function followShown(client: QueryClient, owner: string): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** A page that is loaded again has not shown everything that the one before did. */
  let replies = enter(owner).then(async () => (await readShown<Replies>()) ?? []);
  const write = async () => {
    timer = undefined;
    replies = replies.then((before) => newest(client, before));
    await keepShown(owner, await replies);
  };
  const writeSoon = () => {
    // A browser that keeps nothing works while the line is there.
    timer ??= setTimeout(() => void write().catch(() => {}), WRITE_MS);
  };
  const unsubscribe = client.getQueryCache().subscribe((event) => {
    if (event.type === 'updated' && event.action.type === 'success') writeSoon();
  });
  // What is there already.
  writeSoon();
  return () => {
    clearTimeout(timer);
    unsubscribe();
  };
}

/** The newest replies that fit. */
function newest(client: QueryClient, before: Replies): Replies {
  const { queries } = dehydrate(client, {
    shouldDehydrateQuery: ({ state }) => state.data !== undefined,
    shouldDehydrateMutation: () => false,
  });
  const shown = new Set(queries.map(({ queryHash }) => queryHash));
  const oldest = Date.now() - MAX_AGE_MS;
  let size = 0;
  return (
    [...queries, ...before.filter(({ queryHash }) => !shown.has(queryHash))]
      .filter(({ state }) => state.dataUpdatedAt > oldest)
      .toSorted((a, b) => b.state.dataUpdatedAt - a.state.dataUpdatedAt)
      .filter((one) => {
        size += JSON.stringify(one).length;
        return size <= MAX_CHARACTERS;
      })
      // One that could not be read again meanwhile is as good as the others.
      .map((one) => ({ ...one, state: { ...one.state, status: 'success', error: null } }))
  );
}
