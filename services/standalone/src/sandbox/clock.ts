import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Clock } from '@lienthong/kit';

export interface SandboxClock extends Clock {
  /** Goes on from a later moment. @throws RangeError when it is earlier than now, or later than 2099 */
  moveTo(moment: Date): Promise<void>;
}

const LATEST = Date.parse('2100-01-01T00:00:00+07:00');

/** Runs at the pace of real time, ahead of it by what the file keeps. It never goes back, not by a restart either. */
export async function openSandboxClock(file: string): Promise<SandboxClock> {
  let aheadMs = await readAhead(file);
  const now = () => new Date(Date.now() + aheadMs);
  let moved: Promise<void> = Promise.resolve();

  async function move(moment: Date): Promise<void> {
    const at = moment.getTime();
    if (!(at >= now().getTime()))
      throw new RangeError(`must be after ${now().toISOString()}: the clock never goes back`);
    if (at >= LATEST) throw new RangeError('must be before the year 2100');
    const next = at - Date.now();
    await writeFile(`${file}.new`, JSON.stringify({ aheadMs: next }));
    await rename(`${file}.new`, file);
    aheadMs = next;
  }

  return {
    now,
    /** One after the other: each is checked against the one before. */
    moveTo(moment) {
      const mine = moved.then(() => move(moment));
      moved = mine.catch(() => {});
      return mine;
    },
  };
}

async function readAhead(file: string): Promise<number> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{"aheadMs":0}';
    throw error;
  });
  const { aheadMs } = JSON.parse(text) as { aheadMs?: unknown };
  if (typeof aheadMs !== 'number' || !(aheadMs >= 0))
    throw new Error(`${file} does not say how far the clock is ahead; remove the data folder to begin again`);
  return aheadMs;
}
