import { isConnectionError, RefusalError } from '@lienthong/kit';
import { type Servers, tallyProcess } from './fixture.ts';
import type { Grow } from './tally.ts';

/** One tally service in a process of its own, driven by its parent; see child.ts. */
export interface Setup {
  servers: Servers;
  consumers: string[];
  /** The prefix of the workers to start; absent: none. */
  start?: string;
}

export interface Order {
  n: number;
  command: Grow;
  requestId: string;
}

export type Report =
  | { ready: true }
  | { n: number; reply: number }
  | { n: number; refused: string }
  | { n: number; failed: string; lost: boolean };

const report = (what: Report) => process.send?.(what);
const { servers, consumers, start } = JSON.parse(process.argv[2] ?? '') as Setup;

const one = await tallyProcess(servers);
for (const name of consumers) one.consume(name);
if (start !== undefined) await one.start(start);

process.on('message', async ({ n, command, requestId }: Order) => {
  try {
    report({ n, reply: await one.grow(command, requestId) });
  } catch (error) {
    if (error instanceof RefusalError) report({ n, refused: error.refusal.reason });
    else report({ n, failed: String(error), lost: isConnectionError(error) });
  }
});
// The parent went away.
process.once('disconnect', () => process.exit());
report({ ready: true });
