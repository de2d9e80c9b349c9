import { Writable } from 'node:stream';
import { type Logger, pino } from 'pino';

/** A log whose lines can be read back. */
export function memoryLog(): { log: Logger; lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = [];
  const sink = new Writable({
    write(chunk, _, done) {
      lines.push(JSON.parse(String(chunk)));
      done();
    },
  });
  return { log: pino({ level: 'trace' }, sink), lines };
}
