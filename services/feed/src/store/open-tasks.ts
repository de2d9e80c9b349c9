import { plainArray, type Tx } from '@lienthong/kit';
import type { TaskChange } from '../domain/open-tasks.ts';

/** The open tasks of the dossiers: for each the agency by task number. */
export async function readOpenTasks(
  tx: Tx,
  dossierIds: readonly string[],
): Promise<Map<string, Map<number, string>>> {
  const found = new Map<string, Map<number, string>>();
  if (dossierIds.length === 0) return found;
  const rows = await tx.query<{ dossier_id: string; number: number; agency_id: string }>({
    name: 'feed_open_tasks',
    text: 'select dossier_id, number, agency_id from open_task where dossier_id = any($1::uuid[])',
    values: [plainArray(dossierIds)],
  });
  for (const row of rows) {
    const tasks = found.get(row.dossier_id) ?? new Map<number, string>();
    found.set(row.dossier_id, tasks.set(row.number, row.agency_id));
  }
  return found;
}

export interface DossierTaskChange extends TaskChange {
  dossierId: string;
}

/** Writes the last state of each task that a batch changed. */
export function writeOpenTasks(tx: Tx, changes: readonly DossierTaskChange[]): void {
  const last = new Map(changes.map((change) => [`${change.dossierId} ${change.number}`, change]));
  const open = [...last.values()].filter((change) => change.agencyId !== undefined);
  const closed = [...last.values()].filter((change) => change.agencyId === undefined);
  if (open.length > 0)
    tx.send({
      name: 'feed_put_open_tasks',
      text: `insert into open_task (dossier_id, number, agency_id)
             select dossier_id, number, agency_id
               from unnest($1::uuid[], $2::int[], $3::uuid[]) as t (dossier_id, number, agency_id)
                 on conflict (dossier_id, number) do update set agency_id = excluded.agency_id`,
      values: [
        plainArray(open.map((change) => change.dossierId)),
        plainArray(open.map((change) => change.number)),
        plainArray(open.map((change) => change.agencyId ?? '')),
      ],
    });
  if (closed.length > 0)
    tx.send({
      name: 'feed_drop_open_tasks',
      text: `delete from open_task using unnest($1::uuid[], $2::int[]) as t (dossier_id, number)
              where open_task.dossier_id = t.dossier_id and open_task.number = t.number`,
      values: [
        plainArray(closed.map((change) => change.dossierId)),
        plainArray(closed.map((change) => change.number)),
      ],
    });
}
