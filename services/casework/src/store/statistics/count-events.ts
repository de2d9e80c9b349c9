import { plainArray, type Tx } from '@lienthong/kit';
import type { Against, Fact } from '../../domain/statistics/fact.ts';
import type { Tally } from '../../domain/statistics/tally.ts';

/** The tallies of live dossiers. Only the consumer `statistics` reads and writes them, under its cursor's lock. */
export async function readTallies(tx: Tx, dossierIds: readonly string[]): Promise<Map<string, Tally>> {
  const rows = await tx.query<{ dossier_id: string; record: string }>({
    name: 'read_tallies',
    text: 'select dossier_id, record from statistics_tally where dossier_id = any($1::uuid[])',
    values: [dossierIds],
  });
  return new Map(rows.map((row) => [row.dossier_id, JSON.parse(row.record) as Tally]));
}

/** Undefined: the dossier has ended, and its tally is deleted. */
export function writeTallies(tx: Tx, tallies: ReadonlyMap<string, Tally | undefined>): void {
  const kept = [...tallies].filter(([, tally]) => tally !== undefined);
  const ended = [...tallies].filter(([, tally]) => tally === undefined);
  if (kept.length > 0)
    tx.send({
      name: 'write_tallies',
      text: `insert into statistics_tally (dossier_id, record)
             select * from unnest($1::uuid[], $2::text[])
                 on conflict (dossier_id) do update set record = excluded.record`,
      values: [plainArray(kept.map(([id]) => id)), kept.map(([, tally]) => JSON.stringify(tally))],
    });
  if (ended.length > 0)
    tx.send({
      name: 'drop_tallies',
      text: 'delete from statistics_tally where dossier_id = any($1::uuid[])',
      values: [plainArray(ended.map(([id]) => id))],
    });
}

/** The values of column `against`. */
export const AGAINST: Readonly<Record<Against, number>> = { shorter: -1, equal: 0, longer: 1 };

/** A fact that exists stays as it is: a dossier or task ends once. */
export function writeFacts(tx: Tx, facts: readonly Fact[]): void {
  if (facts.length === 0) return;
  const column = <V>(of: (fact: Fact) => V) => facts.map(of);
  const plain = (of: (fact: Fact) => string | number) => plainArray(column(of));
  tx.send({
    name: 'write_facts',
    text: `insert into statistics_fact (dossier_id, task_number, agency_id, procedure_code, procedure_version, step_key,
                                        ended_on, outcome, against, extended, supplements, taken, allowed, elsewhere,
                                        of_sub_procedure)
           select f.*, d.parent_id is not null
             from unnest($1::uuid[], $2::int[], $3::uuid[], $4::text[], $5::int[], $6::text[], $7::date[],
                         $8::smallint[], $9::smallint[], $10::boolean[], $11::smallint[],
                         $12::double precision[], $13::double precision[], $14::double precision[]) as f (dossier_id)
             join dossier d on d.id = f.dossier_id
               on conflict do nothing`,
    values: [
      plain((fact) => fact.dossierId),
      plain((fact) => fact.taskNumber),
      plain((fact) => fact.agencyId),
      column((fact) => fact.procedureCode),
      plain((fact) => fact.procedureVersion),
      column((fact) => fact.stepKey),
      plain((fact) => fact.endedOn),
      plain((fact) => fact.outcome),
      column((fact) => (fact.against === null ? null : AGAINST[fact.against])),
      column((fact) => fact.extended),
      plain((fact) => fact.supplements),
      column((fact) => fact.minutes?.taken ?? null),
      column((fact) => fact.minutes?.allowed ?? null),
      column((fact) => fact.minutes?.elsewhere ?? null),
    ],
  });
}
