import { readFileSync } from 'node:fs';

/** The version that the next release replaces; `record-version.ts` writes it after each release. */
export interface VersionBefore {
  version: string;
  commit: string;
  /** The newest migration of each set. */
  migrations: Record<string, string>;
}

export const FILE = new URL('version-before.json', import.meta.url);

export const readVersionBefore = (): VersionBefore => JSON.parse(readFileSync(FILE, 'utf8'));
