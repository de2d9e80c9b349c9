import { endWithParent } from '@lienthong/embedded';

/**
 * Runs `stop` once: on SIGINT, SIGTERM or SIGHUP, when nobody reads the output any more, and under npm when npm has ended.
 * Returns a signal that aborts at the same time.
 * Ctrl-C arrives twice, from the terminal and from npm: the second must not cut the stop short.
 */
export function stopOnSignal(stop: () => Promise<void>): AbortSignal {
  const stopping = new AbortController();
  const onSignal = () => {
    if (stopping.signal.aborted) return;
    stopping.abort();
    void stop();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  // Without a listener the next line of output would end the process at once.
  for (const output of [process.stdout, process.stderr]) output.on('error', onSignal);
  endWithParent();
  return stopping.signal;
}
