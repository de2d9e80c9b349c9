import { TaskState } from '@lienthong/contracts/casework';
import type { Reader } from '@lienthong/kit';

/** The open tasks of each agency, by the index task_work, which has no others. */
export const countOpenTasks = (
  reader: Reader,
): Promise<{ agencyId: string; tasks: number; earliestDueAt: Date | null }[]> =>
  reader.query({
    name: 'count_open_tasks',
    text: `select agency_id as "agencyId", count(*) as tasks, nullif(min(due_at), 'infinity') as "earliestDueAt"
             from task
            where state = ${TaskState.OPEN}
            group by agency_id
            order by tasks desc, agency_id`,
  });
