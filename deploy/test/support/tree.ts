/** Prints each file of an image's own folders, with everything that a build decides; runs in a container of the image. */
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** The engine makes these for each container. */
const OF_THE_ENGINE = new Set([
  '/.dockerenv',
  '/dev',
  '/etc/hostname',
  '/etc/hosts',
  '/etc/mtab',
  '/etc/resolv.conf',
  '/proc',
  '/sys',
  '/tree.ts',
]);
/** A mount point that is new changes the time of the folder above it. */
const TIME_OF_THE_ENGINE = new Set(['/', '/etc']);

function print(path: string): void {
  if (OF_THE_ENGINE.has(path)) return;
  const stat = lstatSync(path);
  const time = TIME_OF_THE_ENGINE.has(path) ? '-' : stat.mtimeMs;
  const content = stat.isSymbolicLink()
    ? readlinkSync(path)
    : stat.isFile()
      ? createHash('sha256').update(readFileSync(path)).digest('hex')
      : '-';
  console.log(`${path} ${stat.mode.toString(8)} ${stat.uid}:${stat.gid} ${time} ${content}`);
  if (stat.isDirectory()) for (const name of readdirSync(path).sort()) print(join(path, name));
}

print('/');
