import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SystemUser } from './system-user.ts';

/** The password of a server's administrator: random, made once, in a file that its owner alone can read. */
export function keptPassword(dir: string, user?: SystemUser): string {
  const path = join(dir, 'password');
  if (!existsSync(path)) {
    writeFileSync(`${path}.new`, randomBytes(24).toString('base64url'), { mode: 0o600 });
    if (user) chownSync(`${path}.new`, user.uid, user.gid);
    renameSync(`${path}.new`, path);
  }
  return readFileSync(path, 'utf8');
}
