import { runMain } from '@lienthong/kit';
import { knowMadeUpCallers } from '@lienthong/testkit/callers';
import { feed } from '../../src/service.ts';

// The tests make up their callers.
await runMain([knowMadeUpCallers(feed)]);

// For tests that measure: what is really in use. The process's size would count what the allocator keeps. The second
// collection waits for the buffers that the first one frees in the background.
process.on('message', () => {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  process.send?.(heapUsed + external);
});
// The channel to the test must not keep the process alive after SIGTERM.
process.channel?.unref();
