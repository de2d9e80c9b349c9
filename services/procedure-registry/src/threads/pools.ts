import { createThreads, type Threads } from '@lienthong/kit';
import type * as Definitions from './definitions.ts';
import type * as Documents from './documents.ts';
import type * as Simulations from './simulations.ts';

/** Each kind of work has a thread of its own, so that a long import does not keep a diagram waiting. */
export interface Pools {
  definitions: Threads<typeof Definitions>;
  documents: Threads<typeof Documents>;
  simulations: Threads<typeof Simulations>;
}

export const createPools = (): Pools => ({
  definitions: createThreads({
    name: 'procedure-registry definitions',
    module: new URL('./definitions.ts', import.meta.url),
    // Most take a millisecond or two, so many may wait.
    waiting: 128,
    waitingPerPrincipal: 32,
  }),
  documents: createThreads({
    name: 'procedure-registry documents',
    module: new URL('./documents.ts', import.meta.url),
  }),
  simulations: createThreads({
    name: 'procedure-registry simulations',
    module: new URL('./simulations.ts', import.meta.url),
    // The slowest that the limit of ways and blocks allows takes some seconds.
    budgetMs: 60_000,
  }),
});
