import { runMain } from '@lienthong/kit';
import { knowMadeUpCallers } from '@lienthong/testkit/callers';
import { feed } from '../../src/service.ts';

// The tests make up their callers.
await runMain([knowMadeUpCallers(feed)]);

// For tests that measure: what is really in use.
process.on('message', () => {
  globalThis.gc?.();
  process.send?.(process.memoryUsage().rss);
});
// The channel to the test must not keep the process alive after SIGTERM.
process.channel?.unref();
