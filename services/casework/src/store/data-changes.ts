import { plainArray, type Reader, type Tx } from '@lienthong/kit';
import type { DataChange, DossierChange } from '../domain/dossier/state.ts';

export function insertDataChanges(tx: Tx, changes: readonly DossierChange[]): void {
  const rows = changes.flatMap(({ dossier, dataChanges }) =>
    (dataChanges?.values ?? []).map((value) => ({ ...value, id: dossier.id, version: dataChanges?.version })),
  );
  if (rows.length === 0) return;
  tx.send({
    name: 'insert_data_changes',
    text: `insert into data_change (dossier_id, version, key, before, after)
           select * from unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::text[])`,
    values: [
      plainArray(rows.map(({ id }) => id)),
      rows.map(({ version }) => version),
      rows.map(({ key }) => key),
      rows.map(({ before }) => before),
      rows.map(({ after }) => after),
    ],
  });
}

/** A dossier's changed values, by the version of their event. */
export async function readDataChanges(reader: Reader, dossierId: string): Promise<Map<number, DataChange[]>> {
  const rows = await reader.query<DataChange & { version: number }>({
    name: 'read_data_changes',
    text: 'select version, key, before, after from data_change where dossier_id = $1 order by version, key',
    values: [dossierId],
  });
  return Map.groupBy(rows, ({ version }) => version);
}
