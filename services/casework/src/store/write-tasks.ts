import { plainArray, type Tx } from '@lienthong/kit';
import type { Dossier, Task } from '../domain/dossier/state.ts';
import { instants, packTexts } from './columns.ts';
import { encodeTask } from './record.ts';

/** A task with its dossier. */
export interface TaskOf {
  task: Task;
  dossier: Dossier;
}

/** Writes tasks that were opened, changed or closed; each at most once. */
export function writeTasks(tx: Tx, tasks: readonly TaskOf[], codeOf: (procedureId: string) => string): void {
  const column = <V>(of: (task: Task, dossier: Dossier) => V) =>
    tasks.map(({ task, dossier }) => of(task, dossier));
  const plain = (of: (task: Task, dossier: Dossier) => string | number) => plainArray(column(of));
  const records = packTexts(column(encodeTask));
  tx.send({
    name: 'write_tasks',
    text: `insert into task as t (dossier_id, number, agency_id, assignee_id, kind, state, urgency, due_at, timer_at,
                                  procedure_code, record)
           select dossier_id, number, agency_id, assignee_id, kind, state, urgency, due_at, timer_at, procedure_code,
                  convert_from(substring($13::bytea from start for size), 'UTF8')
             from unnest($1::uuid[], $2::int[], $3::uuid[], $4::text[], $5::smallint[], $6::smallint[],
                         $7::smallint[], $8::timestamptz[], $9::timestamptz[], $10::text[], $11::int[], $12::int[])
                  as n (dossier_id, number, agency_id, assignee_id, kind, state, urgency, due_at, timer_at,
                        procedure_code, start, size)
               on conflict (dossier_id, number) do update
              set agency_id = excluded.agency_id, assignee_id = excluded.assignee_id, state = excluded.state,
                  urgency = excluded.urgency, due_at = excluded.due_at, timer_at = excluded.timer_at,
                  record = excluded.record`,
    values: [
      plain((_, dossier) => dossier.id),
      plain((task) => task.number),
      plain((task) => task.agency.agencyId),
      column((task) => task.assigneeId),
      plain((task) => task.kind),
      plain((task) => task.state),
      plain((task) => task.urgency),
      instants(
        column((task) => task.dueAt),
        'infinity',
      ),
      instants(column((task) => task.timerAt)),
      column((_, dossier) => codeOf(dossier.procedureId)),
      plainArray(records.starts),
      plainArray(records.sizes),
      records.bytes,
    ],
  });
}
