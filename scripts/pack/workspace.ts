import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Manifest } from './manifest.ts';

export const ROOT = join(import.meta.dirname, '../..');

export interface Package {
  /** From the root: "packages/client". */
  folder: string;
  manifest: Manifest;
}

/** The packages of this repository, by name. */
export function readPackages(): Map<string, Package> {
  const files = globSync('packages/*/package.json', { cwd: ROOT }).sort();
  const packages = files.map((file) => ({
    folder: dirname(file),
    manifest: JSON.parse(readFileSync(join(ROOT, file), 'utf8')) as Manifest,
  }));
  return new Map(packages.map((one) => [one.manifest.name, one]));
}

export const isPublished = ({ manifest }: Package): boolean => manifest.publishConfig !== undefined;
