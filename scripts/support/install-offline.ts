import { execFile } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Manifest } from '../pack/manifest.ts';
import { ROOT } from '../pack/workspace.ts';

const run = promisify(execFile);

interface Locked {
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

/**
 * Installs packed packages into an empty folder with npm, without a registry: what they declare is copied from this
 * repository's modules first, and nothing else is there.
 */
export async function installOffline(
  folder: string,
  files: readonly string[],
  more: readonly string[] = [],
): Promise<void> {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Locked>;
  };
  const manifests = await Promise.all(files.map(manifestIn));
  const packed = new Set(manifests.map(({ name }) => name));
  const wanted = manifests.flatMap(({ dependencies = {} }) => Object.keys(dependencies));
  const places = new Set<string>();
  const add = (name: string, from: string): void => {
    if (packed.has(name)) return;
    const place = placeOf(name, from, packages);
    if (place === undefined || places.has(place)) return;
    places.add(place);
    const { dependencies, optionalDependencies } = packages[place] ?? {};
    for (const one of Object.keys({ ...dependencies, ...optionalDependencies })) add(one, place);
  };
  for (const name of [...wanted, ...more]) add(name, '');
  for (const place of places) cpSync(join(ROOT, place), join(folder, place), { recursive: true });
  const dependencies = Object.fromEntries([
    ...manifests.map(({ name }, i) => [name, `file:${files[i]}`]),
    ...more.map((name) => [name, '*']),
  ]);
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ private: true, type: 'module', dependencies }),
  );
  await run('npm', ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder });
}

export async function manifestIn(file: string): Promise<Manifest> {
  const { stdout } = await run('tar', ['-xzOf', basename(file), 'package/package.json'], {
    cwd: dirname(file),
  });
  return JSON.parse(stdout);
}

/** Where Node finds a package that a module imports, as the lock file has it; undefined: an optional one that is not there. */
function placeOf(name: string, from: string, packages: Record<string, Locked>): string | undefined {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const place = at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`;
    if (place in packages) return place;
    if (at === '') return undefined;
  }
}
