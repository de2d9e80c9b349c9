import { Procedure, ProcedureSummary } from '@lienthong/contracts/registry';
import { packBytes, searchKey, searchWords, type Tx } from '@lienthong/kit';
import type { VersionChange } from '../domain/events.ts';
import { definitionOf, summaryOf } from '../domain/procedure.ts';
import { referencesOf } from '../domain/references.ts';

/** Writes the changes of a transaction: one statement per table, however many changes. */
export function project(tx: Tx, decisions: readonly (readonly VersionChange[])[]): void {
  const histories = new Map<string, { code: string; lastEvent: number }>();
  const versions = new Map<string, Procedure>();
  const discarded: string[] = [];
  for (const { historyId, code, lastEvent, procedureId, procedure } of decisions.flat()) {
    histories.set(historyId, { code, lastEvent });
    if (procedure) versions.set(procedureId, procedure);
    else {
      versions.delete(procedureId);
      discarded.push(procedureId);
    }
  }
  if (histories.size > 0) saveHistories(tx, histories);
  if (discarded.length > 0)
    tx.send({
      name: 'delete_versions',
      text: 'delete from version where id = any($1::uuid[])',
      values: [discarded],
    });
  if (versions.size > 0) saveVersions(tx, [...versions.values()]);
}

function saveHistories(tx: Tx, histories: ReadonlyMap<string, { code: string; lastEvent: number }>): void {
  const all = [...histories];
  tx.send({
    name: 'save_histories',
    text: `insert into procedure (code, id, last_event)
           select * from unnest($1::text[], $2::uuid[], $3::bigint[])
               on conflict (code) do update set last_event = excluded.last_event`,
    values: [all.map(([, { code }]) => code), all.map(([id]) => id), all.map(([, one]) => one.lastEvent)],
  });
}

function saveVersions(tx: Tx, changed: readonly Procedure[]): void {
  // Ascending, so that a version leaves the drafts before the next becomes one.
  const versions = changed.toSorted((a, b) => a.version - b.version);
  const column = <V>(of: (version: Procedure) => V) => versions.map(of);
  const references = column((version) => referencesOf(definitionOf(version)));
  const summaries = packBytes(column((version) => ProcedureSummary.encode(summaryOf(version)).finish()));
  const records = packBytes(column((version) => Procedure.encode(version).finish()));
  tx.send({
    name: 'save_versions',
    // Arrays of arrays travel as PostgreSQL writes them: their lengths differ.
    text: `insert into version (id, code, version, state, effective_on, ended_on, name_key, field_key, tiers,
                                agency_ids, calls, words, summary, record, service_level)
           select id, code, version, state, effective_on, ended_on, name_key, field_key, tiers::smallint[],
                  agency_ids::uuid[], calls::text[], array_to_tsvector(string_to_array(words, ' ')),
                  substring($15::bytea from summary_start for summary_size),
                  substring($18::bytea from record_start for record_size), service_level
             from unnest($1::uuid[], $2::text[], $3::int[], $4::smallint[], $5::date[], $6::date[], $7::text[],
                         $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::int[], $14::int[],
                         $16::int[], $17::int[], $19::smallint[])
                  as v (id, code, version, state, effective_on, ended_on, name_key, field_key, tiers, agency_ids,
                        calls, words, summary_start, summary_size, record_start, record_size, service_level)
               on conflict (id) do update
              set state = excluded.state, effective_on = excluded.effective_on, ended_on = excluded.ended_on,
                  name_key = excluded.name_key, field_key = excluded.field_key, tiers = excluded.tiers,
                  agency_ids = excluded.agency_ids, calls = excluded.calls, words = excluded.words,
                  summary = excluded.summary, record = excluded.record, service_level = excluded.service_level`,
    values: [
      column((v) => v.id),
      column((v) => v.code),
      column((v) => v.version),
      column((v) => v.state),
      column((v) => v.effectiveOn || null),
      column((v) => v.endedOn || null),
      column((v) => searchKey(definitionOf(v).name)),
      column((v) => searchKey(definitionOf(v).field)),
      column((v) => `{${definitionOf(v).tiers.join(',')}}`),
      references.map(({ agencyIds }) => `{${agencyIds.join(',')}}`),
      references.map(({ calls }) => `{${calls.join(',')}}`),
      column(wordsOf),
      summaries.starts,
      summaries.sizes,
      summaries.bytes,
      records.starts,
      records.sizes,
      records.bytes,
      column((v) => definitionOf(v).serviceLevel),
    ],
  });
}

function wordsOf(version: Procedure): string {
  const { code, name, field, keywords } = definitionOf(version);
  return searchWords([name, code, field, ...keywords].join(' '));
}
