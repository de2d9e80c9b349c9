import { DatabaseSync } from 'node:sqlite';

/** What a witness must never forget: the tree of each log that it cosigned last. */
export interface WitnessState {
  /** Undefined: this witness has not cosigned a checkpoint of the log. */
  lastOf(origin: string): { size: number; note: string } | undefined;
  /**
   * Puts the note of a larger tree, or the same one, in the place of the last. It is on disk on return.
   * False: the last size is another one by now, and nothing was written.
   */
  replaceLast(origin: string, oldSize: number, size: number, note: string): boolean;
  /** Keeps the signed note of a tree that contradicts the last one: proof that the log has forked. */
  keepFork(origin: string, size: number, note: string): void;
  all(): { origin: string; size: number }[];
  close(): void;
}

/** Each fork is signed by the log's key; more of them prove nothing more. */
const MOST_FORKS = 100;

/** The state in an SQLite file. A second process on the same file is safe: each write compares the size. */
export function openState(file: string): WitnessState {
  const db = new DatabaseSync(file, { timeout: 5_000 });
  // Extra: the folder is also synchronised once a transaction has ended, so that a loss of power cannot undo it.
  db.exec(`
    pragma synchronous = extra;
    create table if not exists log (origin text primary key, size integer not null, note text not null) strict;
    create table if not exists fork (
      origin text not null, size integer not null, note text not null, primary key (origin, size, note)
    ) strict;
  `);
  const last = db.prepare('select size, note from log where origin = ?');
  const replace = db.prepare(
    `insert into log (origin, size, note) values (?, ?, ?)
     on conflict (origin) do update set size = excluded.size, note = excluded.note where log.size = ?`,
  );
  const fork = db.prepare(
    `insert into fork (origin, size, note) select ?, ?, ?
      where (select count(*) from fork) < ${MOST_FORKS} on conflict do nothing`,
  );
  const sizes = db.prepare('select origin, size from log order by origin');
  return {
    lastOf: (origin) => last.get(origin) as { size: number; note: string } | undefined,
    replaceLast: (origin, oldSize, size, note) => replace.run(origin, size, note, oldSize).changes === 1,
    keepFork: (origin, size, note) => {
      fork.run(origin, size, note);
    },
    all: () => sizes.all() as { origin: string; size: number }[],
    close: () => db.close(),
  };
}
