/** Prints how long a million deadlines take: `node packages/working-time/bench/deadlines.ts`. */
import { buildCalendar, days, deadline, hours, VIETNAM, vietnamCalendar } from '../src/index.ts';

const COUNT = 1_000_000;
const FROM = Date.parse('2025-01-01T00:00:00+07:00');
const SPAN_MS = 600 * 86_400_000;
const DURATIONS = [hours(4), hours(40), days(3), days(15), days(30)];
const HOUR_MS = 3_600_000;

/** Spread over two years without a random source, so that runs compare. */
const receivedAt = (i: number): number => FROM + ((i * 2_654_435_761) % SPAN_MS);

function measure(name: string, work: (i: number) => number): void {
  for (let i = 0; i < 50_000; i++) work(i);
  const start = performance.now();
  let sum = 0;
  for (let i = 0; i < COUNT; i++) sum += work(i) % 1000;
  const ms = performance.now() - start;
  console.log(
    `${name.padEnd(34)} ${ms.toFixed(0).padStart(6)} ms  ${((ms * 1e6) / COUNT).toFixed(0)} ns each (${sum})`,
  );
}

measure('1,000,000 deadlines', (i) => {
  const duration = DURATIONS[i % DURATIONS.length] ?? hours(4);
  const result = deadline(vietnamCalendar, { receivedAt: receivedAt(i), duration });
  return result.ok && result.value.state === 'running' ? result.value.deadline : 0;
});

measure('… each paused and resumed', (i) => {
  const at = receivedAt(i);
  const events = [
    { type: 'pause', at: at + 20 * HOUR_MS },
    { type: 'resume', at: at + 90 * HOUR_MS },
  ] as const;
  const duration = DURATIONS[i % DURATIONS.length] ?? hours(4);
  const result = deadline(vietnamCalendar, { receivedAt: at, duration, events });
  return result.ok && result.value.state === 'running' ? result.value.deadline : 0;
});

const start = performance.now();
for (let i = 0; i < 100; i++) buildCalendar(VIETNAM);
console.log(`building a calendar                ${((performance.now() - start) / 100).toFixed(1)} ms`);
