import { TaskState, Urgency } from '@lienthong/contracts/casework';
import type { Reader } from '@lienthong/kit';

export interface OverdueCount {
  what: 'dossier' | 'task';
  urgency: typeof Urgency.OVERDUE | typeof Urgency.ESCALATED;
  count: number;
}

/**
 * The overdue and escalated live dossiers and open tasks. Reads every live dossier by dossier_live, and of the
 * open tasks in task_work those whose deadline has passed.
 */
export const countOverdue = (reader: Reader, now: Date): Promise<OverdueCount[]> =>
  reader.query({
    name: 'count_overdue',
    text: `select 'dossier' as what, urgency, count(*) as count from dossier
            where live and due_at is not null and urgency in (${Urgency.OVERDUE}, ${Urgency.ESCALATED})
            group by urgency
            union all
           select 'task', urgency, count(*) from task
            where state = ${TaskState.OPEN} and due_at < $1 and urgency in (${Urgency.OVERDUE}, ${Urgency.ESCALATED})
            group by urgency`,
    values: [now],
  });
