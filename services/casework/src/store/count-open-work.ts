import { TaskState } from '@lienthong/contracts/casework';
import type { Reader } from '@lienthong/kit';

/** Open tasks and live dossiers that agencies took in; by the indexes task_work and dossier_by_intake. */
export const countOpenWork = (
  reader: Reader,
  agencyIds: readonly string[],
): Promise<{ agencyId: string; tasks: number; dossiers: number }[]> =>
  reader.query({
    name: 'count_open_work',
    text: `select named.id as "agencyId",
                  (select count(*) from task where agency_id = named.id and state = ${TaskState.OPEN}) as tasks,
                  (select count(*) from dossier where intake_id = named.id and live) as dossiers
             from (select distinct unnest($1::uuid[])) as named (id)
            order by named.id`,
    values: [agencyIds],
  });

/** Live dossiers of a procedure by its versions; dossier_by_intake has the live ones alone. */
export const countRunningDossiers = (
  reader: Reader,
  procedureCode: string,
): Promise<{ procedureId: string; dossiers: number; latestDueAt: Date | null }[]> =>
  reader.query({
    name: 'count_running_dossiers',
    text: `select procedure_id as "procedureId", count(*) as dossiers, max(due_at) as "latestDueAt"
             from dossier
            where live and procedure_code = $1
            group by procedure_id
            order by procedure_id`,
    values: [procedureCode],
  });
