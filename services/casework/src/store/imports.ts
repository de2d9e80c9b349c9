/** Imports: their lines while they are staged, and how far they are. */
import { ImportState } from '@lienthong/contracts/casework';
import { endUses } from '@lienthong/file-store';
import { type Database, plainArray, type Reader, type Tx } from '@lienthong/kit';
import type { SealedTable } from '@lienthong/outbound';
import type { Fault } from '../domain/imports/line.ts';

export interface ImportRow {
  id: string;
  agency_id: string;
  system: string;
  state: ImportState;
  imported: number;
  staged_at: Date;
  ordered_by: string;
  ordered_at: Date | null;
  done_at: Date | null;
}

/** A line as its table keeps it. */
export interface StagedRow {
  line: number;
  dossier_id: string;
  code: string;
  faults: string | null;
  record: string;
  tasks: string[];
  event: Uint8Array;
  agency_code: string;
  notes: string;
  files: string[];
  sealed: string;
}

const COLUMNS = 'id, agency_id, system, state, imported, staged_at, ordered_by, ordered_at, done_at';

export const stagedPlace = (dossierId: string): string => `casework/staged/${dossierId}`;

export const STAGED: SealedTable = {
  table: 'staged_dossier',
  id: 'dossier_id',
  idType: 'uuid',
  columns: ['sealed'],
  place: stagedPlace,
  personal: true,
};

/** An import that is staged into within the hour is not written again, so that parts do not wait for each other. */
const TOUCHED_MS = 3_600_000;

/**
 * Begins an import, or notes that something is staged into it; parts of one import may be staged side by side. Undefined
 * when it was forgotten this moment.
 */
export async function touchImport(
  tx: Tx,
  { id, agencyId, system, now }: { id: string; agencyId: string; system: string; now: Date },
): Promise<ImportRow | undefined> {
  tx.send({
    name: 'begin_import',
    text: `insert into dossier_import (id, agency_id, system, state, staged_at)
           values ($1, $2, $3, ${ImportState.STAGED}, $4)
               on conflict (id) do nothing`,
    values: [id, agencyId, system, now],
  });
  tx.send({
    name: 'touch_import',
    text: `update dossier_import set staged_at = $3
            where id = $1 and agency_id = $2 and state = ${ImportState.STAGED} and staged_at < $4`,
    values: [id, agencyId, now, new Date(now.getTime() - TOUCHED_MS)],
  });
  const rows = await tx.query<ImportRow>({
    name: 'share_import',
    text: `select ${COLUMNS} from dossier_import where id = $1 for key share`,
    values: [id],
  });
  return rows[0];
}

export async function readImport(reader: Reader, id: string): Promise<ImportRow | undefined> {
  const rows = await reader.query<ImportRow>({
    name: 'read_import',
    text: `select ${COLUMNS} from dossier_import where id = $1`,
    values: [id],
  });
  return rows[0];
}

/** Codes of these that a dossier has, or a line of an import that is carried out or of this one outside the lines. */
export async function takenCodes(
  tx: Tx,
  codes: readonly string[],
  { id, first, end }: { id: string; first: number; end: number },
): Promise<Map<string, 'dossier' | 'import'>> {
  const rows = await tx.query<{ code: string; by: 'dossier' | 'import' }>({
    name: 'taken_codes',
    text: `select code, 'dossier' as by from dossier where code = any($1::text[])
           union all
           select s.code, 'import' from staged_dossier s join dossier_import i on i.id = s.import_id
            where s.code = any($1::text[])
              and (i.state = ${ImportState.CARRYING_OUT}
                   or s.import_id = $2 and not (s.line >= $3 and s.line < $4))`,
    values: [codes, id, first, end],
  });
  return new Map(rows.map(({ code, by }) => [code, by]));
}

/** Deletes lines; returns what they had named, so that their files are not kept any more. */
export const deleteLines = (
  tx: Tx,
  importId: string,
  first: number,
  end: number,
): Promise<{ dossier_id: string; files: string[] }[]> =>
  tx.query({
    name: 'delete_staged',
    text: `delete from staged_dossier where import_id = $1 and line >= $2 and line < $3
           returning dossier_id, files`,
    values: [importId, first, end],
  });

export function insertLines(tx: Tx, importId: string, rows: readonly StagedRow[]): void {
  tx.send({
    name: 'insert_staged',
    text: `insert into staged_dossier (import_id, line, dossier_id, code, faults, record, tasks, event, agency_code,
                                       notes, files, sealed)
           select $1, line, dossier_id, code, faults, record,
                  array(select * from json_array_elements_text(tasks::json)), decode(event, 'base64'), agency_code, notes,
                  array(select * from json_array_elements_text(files::json)), sealed
             from unnest($2::int[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
                         $10::text[], $11::text[], $12::text[])
                  as s (line, dossier_id, code, faults, record, tasks, event, agency_code, notes, files, sealed)`,
    values: [
      importId,
      plainArray(rows.map(({ line }) => line)),
      plainArray(rows.map((row) => row.dossier_id)),
      rows.map(({ code }) => code),
      rows.map(({ faults }) => faults),
      rows.map(({ record }) => record),
      rows.map(({ tasks }) => JSON.stringify(tasks)),
      rows.map(({ event }) => Buffer.from(event).toString('base64')),
      rows.map((row) => row.agency_code),
      rows.map(({ notes }) => notes),
      rows.map(({ files }) => JSON.stringify(files)),
      rows.map(({ sealed }) => sealed),
    ],
  });
}

export interface ImportCounts {
  lines: number;
  faulty: number;
  /** The last line; -1 without any. */
  last: number;
}

export async function countLines(reader: Reader, importId: string): Promise<ImportCounts> {
  const rows = await reader.query<ImportCounts>({
    name: 'count_staged',
    text: `select count(*)::int as lines, (count(*) filter (where faults is not null))::int as faulty,
                  coalesce(max(line), -1) as last
             from staged_dossier where import_id = $1`,
    values: [importId],
  });
  return rows[0] ?? { lines: 0, faulty: 0, last: -1 };
}

/** The first lines with faults. */
export async function readFaulty(
  reader: Reader,
  importId: string,
  limit: number,
): Promise<{ line: number; faults: Fault[] }[]> {
  const rows = await reader.query<{ line: number; faults: string }>({
    name: 'read_faulty',
    text: `select line, faults from staged_dossier
            where import_id = $1 and faults is not null order by line limit $2`,
    values: [importId, limit],
  });
  return rows.map(({ line, faults }) => ({ line, faults: JSON.parse(faults) as Fault[] }));
}

/** The first gaps before the lines that are there, and none after the last one. */
export const readGaps = (
  reader: Reader,
  importId: string,
  limit: number,
): Promise<{ first: number; end: number }[]> =>
  reader.query({
    name: 'read_gaps',
    text: `select first, line as "end"
             from (select line, coalesce(lag(line) over (order by line) + 1, 0) as first
                     from staged_dossier where import_id = $1) as s
            where line > first order by line limit $2`,
    values: [importId, limit],
  });

/** All imports that are not done, locked in the order of their ids: what is decided on one sees the others' codes. */
export const lockImports = (tx: Tx): Promise<ImportRow[]> =>
  tx.query({
    name: 'lock_imports',
    text: `select ${COLUMNS} from dossier_import where state <> ${ImportState.DONE} order by id for update`,
    values: [],
  });

/** How long an import waits for its next lines. */
export const IMPORT_KEPT_MS = 7 * 86_400_000;

/**
 * Moves the series of the import's codes beyond them, and locks these until the transaction ends, in the order of their
 * prefixes as lodgings do.
 */
export async function reserveCodes(tx: Tx, importId: string): Promise<void> {
  await tx.query({
    name: 'reserve_codes',
    text: `insert into dossier_number as n (prefix, next)
           select prefix, next
             from (select regexp_replace(code, '-[0-9]+$', '') as prefix,
                          max(substring(code from '[0-9]+$')::int) + 1 as next
                     from staged_dossier where import_id = $1 group by 1) as s
            order by prefix collate "C"
               on conflict (prefix) do update set next = greatest(n.next, excluded.next)`,
    values: [importId],
  });
}

/** Lines whose code a dossier has, another line, or one of an import that is carried out. */
export const takenLines = (tx: Tx, importId: string, limit: number): Promise<{ line: number }[]> =>
  tx.query({
    name: 'taken_lines',
    text: `select s.line from staged_dossier s
            where s.import_id = $1
              and (exists (select from dossier d where d.code = s.code)
                   or exists (select from staged_dossier o join dossier_import i on i.id = o.import_id
                               where o.code = s.code
                                 and (o.import_id = $1 and o.line < s.line
                                      or o.import_id <> $1 and i.state = ${ImportState.CARRYING_OUT})))
            order by s.line limit $2`,
    values: [importId, limit],
  });

export function orderImport(tx: Tx, importId: string, officerId: string, now: Date): void {
  tx.send({
    name: 'order_import',
    text: `update dossier_import set state = ${ImportState.CARRYING_OUT}, ordered_by = $2, ordered_at = $3 where id = $1`,
    values: [importId, officerId, now],
  });
}

export function deleteImport(tx: Tx, importId: string): void {
  tx.send({ name: 'delete_import', text: 'delete from dossier_import where id = $1', values: [importId] });
}

/** The next import to carry on with, unless another process does; locked until the transaction ends. */
export async function lockNextImport(tx: Tx): Promise<ImportRow | undefined> {
  const rows = await tx.query<ImportRow>({
    name: 'lock_next_import',
    text: `select ${COLUMNS} from dossier_import where state = ${ImportState.CARRYING_OUT}
            order by ordered_at limit 1 for update skip locked`,
    values: [],
  });
  return rows[0];
}

/** Takes the next lines out of an import, in their order. */
export const takeLines = (tx: Tx, importId: string, limit: number): Promise<StagedRow[]> =>
  tx.query({
    name: 'take_staged',
    text: `with next as (
             select line from staged_dossier where import_id = $1 order by line limit $2
           ), taken as (
             delete from staged_dossier s using next where s.import_id = $1 and s.line = next.line
             returning s.line, s.dossier_id, s.code, s.faults, s.record, s.tasks, s.event, s.agency_code, s.notes, s.files,
                       s.sealed)
           select * from taken order by line`,
    values: [importId, limit],
  });

/** @param doneAt when the last line has come; null before */
export function countImported(tx: Tx, importId: string, count: number, doneAt: Date | null): void {
  tx.send({
    name: 'count_imported',
    text: `update dossier_import
              set imported = imported + $2, done_at = $3,
                  state = case when $3::timestamptz is null then state else ${ImportState.DONE} end
            where id = $1`,
    values: [importId, count, doneAt],
  });
}

/** Deletes imports that nothing was staged into for long, with their lines, one after the other. Yields 1 for each. */
export async function* forgetImports(db: Database, now: Date): AsyncGenerator<number> {
  while (true) {
    const gone = await db.transaction(async (tx) => {
      const [row] = await tx.query<{ id: string }>({
        name: 'forget_import',
        text: `delete from dossier_import
                where id in (select id from dossier_import
                              where state = ${ImportState.STAGED} and staged_at < $1
                              order by staged_at limit 1 for update skip locked)
               returning id`,
        values: [new Date(now.getTime() - IMPORT_KEPT_MS)],
      });
      if (row === undefined) return 0;
      const lines = await deleteLines(tx, row.id, 0, 2 ** 31 - 1);
      endUses(
        tx,
        lines.flatMap(({ dossier_id: ownerId, files }) => files.map((sha256) => ({ sha256, ownerId }))),
      );
      return 1;
    });
    if (gone === 0) return;
    yield gone;
  }
}
