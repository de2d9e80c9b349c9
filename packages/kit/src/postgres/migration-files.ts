import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';

/** A folder of numbered SQL files; the name keeps folders of several packages apart in one schema. */
export interface MigrationSet {
  name: string;
  folder: URL;
  /** Tables whose rows the running service may add and read, and never change or delete. */
  appendOnly?: readonly string[];
}

export interface MigrationFile {
  /** set/0001_what */
  name: string;
  url: URL;
}

export interface Migration {
  sql: string;
  /**
   * What its first lines declare. `expand`: why programs that do not know it go on although it looks as if they could
   * not. `contract`: the lowest version of the program that goes on, and why older ones do not. Absent: it only adds.
   */
  declared?: { kind: 'expand'; reason: string } | { kind: 'contract'; servesFrom: string; reason: string };
}

/** The files of a set, in their order. */
export async function migrationFiles(set: MigrationSet): Promise<MigrationFile[]> {
  const files = (await readdir(set.folder)).filter((file) => /^\d{4}_.+\.sql$/.test(file)).sort();
  return files.map((file) => ({
    name: `${set.name}/${basename(file, '.sql')}`,
    url: new URL(file, set.folder),
  }));
}

const DECLARATION = /^-- (?:(expand)|contract (\d+\.\d+\.\d+)): (\S.*)$/m;
const ATTEMPT = /^--\s*(expand|contract)\b.*[:\d].*$/im;

/** @throws when a line looks like a declaration and is none */
export async function readMigration({ name, url }: MigrationFile): Promise<Migration> {
  const sql = await readFile(url, 'utf8');
  const [, expand, servesFrom, reason = ''] = DECLARATION.exec(sql) ?? [];
  if (expand !== undefined) return { sql, declared: { kind: 'expand', reason } };
  if (servesFrom !== undefined) return { sql, declared: { kind: 'contract', servesFrom, reason } };
  const attempt = ATTEMPT.exec(sql)?.[0];
  if (attempt === undefined) return { sql };
  throw new Error(
    `migration ${name} has the line "${attempt}": write "-- expand: <reason>" or "-- contract <version>: <reason>"`,
  );
}
