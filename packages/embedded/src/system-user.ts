import { spawnSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { childEnvironment } from './config.ts';

/** The user that runs a server when this process is root: PostgreSQL refuses to run as root. */
export interface SystemUser {
  uid: number;
  gid: number;
}

/** Root may write here and every user may enter: for data that its user cannot reach in the requested directory. */
const STATE_BASE = '/var/lib/lienthong';

function lookUp(name: string): SystemUser | undefined {
  const [uid, gid] = ['-u', '-g'].map((flag) =>
    spawnSync('id', [flag, name], { env: childEnvironment(), encoding: 'utf8' }),
  );
  if (uid?.status !== 0 || gid?.status !== 0) return undefined;
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

/** As root: the owner of the existing directory, else the system's `postgres`, else `nobody`. */
function chooseUser(dir: string): SystemUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(dir);
  if (owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const user = lookUp('postgres') ?? lookUp('nobody');
  if (user === undefined)
    throw new Error('PostgreSQL refuses to run as root, and there is no user postgres or nobody');
  return user;
}

export function runsAs(user: SystemUser | undefined, command: string, ...args: string[]): boolean {
  return (
    spawnSync(command, args, { ...user, env: childEnvironment(), cwd: '/', stdio: 'ignore' }).status === 0
  );
}

const canEnter = (user: SystemUser, dir: string) => runsAs(user, '/bin/sh', '-c', 'cd "$1"', 'sh', dir);

/** Removes a symbolic link whose target was deleted: the user wants to start with an empty directory. */
function removeDanglingLink(dir: string): void {
  const entry = lstatSync(dir, { throwIfNoEntry: false });
  if (entry?.isSymbolicLink() && statSync(dir, { throwIfNoEntry: false }) === undefined) rmSync(dir);
}

/**
 * Creates the directory and gives it to the user that runs the server. When that user cannot reach it (for example
 * below /root), the directory becomes a symbolic link to one under /var/lib/lienthong.
 * Returns its real path.
 */
export function serverDirectory(
  dir: string,
  progress: (line: string) => void,
): { dir: string; user: SystemUser | undefined } {
  removeDanglingLink(dir);
  mkdirSync(dirname(dir), { recursive: true });
  if (!existsSync(dir)) mkdirSync(dir, { mode: 0o700 });
  const user = chooseUser(dir);
  const real = realpathSync(dir);
  if (user === undefined) return { dir: real, user };
  chownSync(real, user.uid, user.gid);
  if (canEnter(user, real)) return { dir: real, user };
  if (readdirSync(real).length > 0) {
    throw new Error(
      `${dir} holds data that user ${user.uid} cannot reach: open the directories above it to that user`,
    );
  }
  mkdirSync(STATE_BASE, { recursive: true, mode: 0o755 });
  const elsewhere = mkdtempSync(join(STATE_BASE, 'postgres-'));
  chownSync(elsewhere, user.uid, user.gid);
  rmdirSync(dir);
  symlinkSync(elsewhere, dir);
  progress(`PostgreSQL's user cannot enter ${dir}: its data lies in ${elsewhere}`);
  return { dir: elsewhere, user };
}
