import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { observeGauges } from './observe.ts';

const RESOLUTION_MS = 20;
const NS = 1e-9;

/** How late the event loop runs its timers, and how busy it is, since the last collection. Returns a function that stops it. */
export function observeEventLoop(): () => void {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  let before = performance.eventLoopUtilization();
  // A timer is never exact: the histogram counts the resolution itself as well.
  const late = (ns: number) => Math.max(0, ns * NS - RESOLUTION_MS / 1000);
  const delayGauge = (what: string) => ({ unit: 's', description: `Event loop delay, ${what}` });
  const stop = observeGauges(
    'lienthong.process',
    {
      'nodejs.eventloop.delay.p50': delayGauge('median'),
      'nodejs.eventloop.delay.p99': delayGauge('99th percentile'),
      'nodejs.eventloop.delay.max': delayGauge('maximum'),
      'nodejs.eventloop.utilization': { unit: '1', description: 'Share of time the event loop was busy' },
      'process.memory.usage': { unit: 'By', description: 'Physical memory of the process' },
    },
    (report) => {
      if (delay.count > 0) {
        report('nodejs.eventloop.delay.p50', late(delay.percentile(50)));
        report('nodejs.eventloop.delay.p99', late(delay.percentile(99)));
        report('nodejs.eventloop.delay.max', late(delay.max));
      }
      const now = performance.eventLoopUtilization();
      report('nodejs.eventloop.utilization', performance.eventLoopUtilization(now, before).utilization);
      report('process.memory.usage', process.memoryUsage.rss());
      before = now;
      delay.reset();
    },
  );
  return () => {
    stop();
    delay.disable();
  };
}
