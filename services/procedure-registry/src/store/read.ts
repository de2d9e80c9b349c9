import { Procedure, ProcedureState, ProcedureSummary } from '@lienthong/contracts/registry';
import type { Reader } from '@lienthong/kit';

const DRAFTS = [ProcedureState.DRAFT, ProcedureState.VALIDATED];

const onlyOne = (rows: readonly { record: Buffer }[]): Procedure | undefined =>
  rows[0] && Procedure.decode(rows[0].record);

export const readVersion = async (reader: Reader, id: string): Promise<Procedure | undefined> =>
  onlyOne(
    await reader.query({
      name: 'read_version',
      text: 'select record from version where id = $1::uuid',
      values: [id],
    }),
  );

/** The version of a code in force at a date. */
export const readInForce = async (reader: Reader, code: string, at: string): Promise<Procedure | undefined> =>
  onlyOne(
    await reader.query({
      name: 'read_in_force',
      text: `select record from version
              where code = $1 and effective_on is not null and daterange(effective_on, ended_on) @> $2::date`,
      values: [code, at],
    }),
  );

/** Whether any version of a code was ever published. */
export async function isKnown(reader: Reader, code: string): Promise<boolean> {
  const rows = await reader.query({
    name: 'is_known',
    text: 'select from version where code = $1 and effective_on is not null limit 1',
    values: [code],
  });
  return rows.length > 0;
}

/** Of the codes, or of all when there are none; by code. */
export async function readAllInForce(
  reader: Reader,
  codes: readonly string[],
  at: string,
  limit: number,
): Promise<Procedure[]> {
  const rows = await reader.query<{ record: Buffer }>({
    name: 'read_all_in_force',
    text: `select record from version
            where effective_on is not null and daterange(effective_on, ended_on) @> $1::date
              and (cardinality($2::text[]) = 0 or code = any($2::text[]))
            order by code limit $3`,
    values: [at, codes, limit],
  });
  return rows.map((row) => Procedure.decode(row.record));
}

/** Newest first. */
export async function listVersions(
  reader: Reader,
  code: string,
  withDrafts: boolean,
): Promise<ProcedureSummary[]> {
  const rows = await reader.query<{ summary: Buffer }>({
    name: 'list_versions',
    text: `select summary from version where code = $1 and ($2 or state <> all($3::smallint[]))
            order by version desc`,
    values: [code, withDrafts, DRAFTS],
  });
  return rows.map((row) => ProcedureSummary.decode(row.summary));
}

/** After a code, by code; index version_draft. */
export async function listDrafts(reader: Reader, after: string, limit: number): Promise<ProcedureSummary[]> {
  const rows = await reader.query<{ summary: Buffer }>({
    name: 'list_drafts',
    text: `select summary from version where state in (1, 2) and code > $1 order by code limit $2`,
    values: [after, limit],
  });
  return rows.map((row) => ProcedureSummary.decode(row.summary));
}

export interface Search {
  at: string;
  /** A tsquery that each procedure's words must match; null leaves open, as do 0 and ''. */
  words: string | null;
  fieldKey: string;
  tier: number;
  serviceLevel: number;
  /** Procedures an agency of this tier takes in, or that name one of these agencies. */
  takesPart: { tier: number; ids: readonly string[] } | undefined;
}

/** Where a page of hits ended: the last one's name key and id. */
export type SearchCursor = [nameKey: string, id: string];

/** What is in force at the date, by name. A province has some thousands; index version_in_force. */
export async function searchInForce(
  reader: Reader,
  search: Search,
  after: SearchCursor | undefined,
  limit: number,
): Promise<{ summary: ProcedureSummary; cursor: SearchCursor }[]> {
  const rows = await reader.query<{ summary: Buffer; name_key: string; id: string }>({
    name: 'search_in_force',
    text: `select summary, name_key, id from version
            where effective_on is not null and daterange(effective_on, ended_on) @> $1::date
              and ($2::tsquery is null or words @@ $2::tsquery)
              and ($3 = '' or field_key = $3)
              and ($4::smallint = 0 or tiers @> array[$4::smallint])
              and ($5::smallint is null or tiers @> array[$5::smallint] or agency_ids && $6::uuid[])
              and ($7::text is null or (name_key, id) > ($7::text collate "C", $8::uuid))
              and ($10::smallint = 0 or service_level = $10)
            order by name_key, id limit $9`,
    values: [
      search.at,
      search.words,
      search.fieldKey,
      search.tier,
      search.takesPart?.tier ?? null,
      search.takesPart?.ids ?? null,
      ...(after ?? [null, null]),
      limit,
      search.serviceLevel,
    ],
  });
  return rows.map((row) => ({
    summary: ProcedureSummary.decode(row.summary),
    cursor: [row.name_key, row.id],
  }));
}
