import { Writable } from 'node:stream';
import { createLog, type Logger } from '../../src/index.ts';

/** A log whose lines can be read back. */
export function memoryLog(): { log: Logger; lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = [];
  const sink = new Writable({
    write(chunk, _, done) {
      lines.push(JSON.parse(String(chunk)));
      done();
    },
  });
  return { log: createLog('kit-test', 'trace', sink), lines };
}
