import { TaskState } from '@lienthong/contracts/casework';
import type { Reader, Tx } from '@lienthong/kit';
import type { Dossier } from '../domain/dossier/state.ts';
import type { Leaving } from '../domain/succession/release.ts';
import { type DossierRow, dossiersIn } from './dossiers.ts';

/** Dossiers per transaction. It is in the statements' text, so that prepared plans are made for it. */
export const AFFECTED_BATCH = 500;

/** Sorts before every other id. */
export const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/**
 * The next live dossiers whose id is above `after`: those with open work of the agency, or all when it is null. Locked
 * in the order of their ids until the transaction ends.
 */
export async function lockAffected(
  tx: Tx,
  agencyId: string | null,
  after: string,
): Promise<Map<string, Dossier>> {
  if (agencyId === null)
    return dossiersIn(
      await tx.query<DossierRow>({
        name: 'lock_live_dossiers',
        text: `select id, record from dossier where live and id > $1
                order by id limit ${AFFECTED_BATCH} for update`,
        values: [after],
      }),
    );
  return lockDossiersOf(tx, [agencyId], after);
}

/**
 * The same for several agencies: dossiers with an open task of theirs, dossiers that they took in or are competent for,
 * and dossiers that wait with them (`waits_with`).
 */
export async function lockDossiersOf(
  tx: Tx,
  agencyIds: readonly string[],
  after: string,
): Promise<Map<string, Dossier>> {
  return dossiersIn(
    await tx.query<DossierRow>({
      name: 'lock_dossiers_of_agencies',
      text: `with affected as (
               select dossier_id as id from task
                where state = ${TaskState.OPEN} and agency_id = any($1::uuid[]) and dossier_id > $2
               union
               select id from dossier where live and intake_id = any($1::uuid[]) and id > $2
               union
               select id from dossier where live and competent_id = any($1::uuid[]) and id > $2
               union
               select id from dossier where waits_with = any($1::uuid[]) and id > $2
                order by id limit ${AFFECTED_BATCH})
             select id, record from dossier where id in (select id from affected) order by id for update`,
      values: [agencyIds, after],
    }),
  );
}

/** The same for officers who have left: dossiers with an open task of such an officer at the agency. Index task_work_of. */
export async function lockLeft(
  tx: Tx,
  leavings: readonly Leaving[],
  after: string,
): Promise<Map<string, Dossier>> {
  return dossiersIn(
    await tx.query<DossierRow>({
      name: 'lock_dossiers_of_officers',
      text: `with affected as (
               select distinct dossier_id as id
                 from unnest($1::uuid[], $2::text[]) as gone (agency_id, assignee_id)
                 join task using (agency_id, assignee_id)
                where state = ${TaskState.OPEN} and dossier_id > $3
                order by id limit ${AFFECTED_BATCH})
             select id, record from dossier where id in (select id from affected) order by id for update`,
      values: [leavings.map((one) => one.agencyId), leavings.map((one) => one.officerId), after],
    }),
  );
}

/** The open tasks and live dossiers of each agency; agencies without any are left out. */
export const openWorkOf = (
  reader: Reader,
  agencyIds: readonly string[],
): Promise<{ agency_id: string; tasks: number; dossiers: number }[]> =>
  reader.query({
    name: 'open_work_of',
    text: `select agency_id, sum(tasks)::bigint as tasks, sum(dossiers)::bigint as dossiers
             from (select agency_id, 1 as tasks, 0 as dossiers from task
                    where state = ${TaskState.OPEN} and agency_id = any($1::uuid[])
                   union all
                   select intake_id, 0, 1 from dossier where live and intake_id = any($1::uuid[])
                   union all
                   select competent_id, 0, 1 from dossier where live and competent_id = any($1::uuid[])) as work
            group by agency_id order by agency_id`,
    values: [agencyIds],
  });
