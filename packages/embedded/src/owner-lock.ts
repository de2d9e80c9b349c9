import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, startTime } from './processes.ts';

const lockFile = (dir: string) => join(dir, 'owner');

/** The running process that owns the server on this directory, if there is one. */
export function ownerOf(dir: string): number | undefined {
  let text: string;
  try {
    text = readFileSync(lockFile(dir), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const [pid, started] = text.split('\n');
  return isAlive(Number(pid)) && startTime(Number(pid)) === (started || undefined) ? Number(pid) : undefined;
}

/**
 * Marks the directory as used by this process. Without the mark a second start on the same directory could not
 * distinguish a server in use from one whose parent died, and would stop it.
 */
export function takeOwnership(dir: string): void {
  const mine = join(dir, `owner.${process.pid}`);
  writeFileSync(mine, `${process.pid}\n${startTime(process.pid) ?? ''}`);
  try {
    for (;;) {
      try {
        linkSync(mine, lockFile(dir));
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const owner = ownerOf(dir);
      if (owner !== undefined) {
        throw new Error(`${dir} is in use by process ${owner}: stop it, or choose another data directory`);
      }
      rmSync(lockFile(dir), { force: true });
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

export function releaseOwnership(dir: string): void {
  rmSync(lockFile(dir), { force: true });
}
