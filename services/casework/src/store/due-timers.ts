import { TaskState } from '@lienthong/contracts/casework';
import type { Reader, Tx } from '@lienthong/kit';
import type { Dossier } from '../domain/dossier/state.ts';
import { type DossierRow, dossiersIn } from './dossiers.ts';

/**
 * Timers per transaction, of dossiers and of tasks each. It is in the statements' text, so that a prepared plan uses the
 * indices on timer_at and does not read everything that is due.
 */
export const TIMER_BATCH = 1000;
const TASKS_READ = 4 * TIMER_BATCH;

/**
 * Dossiers with a due timer, the earliest first, except some; locked until the transaction ends. Dossiers that others
 * have locked are skipped, so several processes share the work without waiting. A row is read after it is locked: a
 * timer that has fired meanwhile is no longer due.
 *
 * Only dossiers are locked: every writer of a task locks its dossier first. More due tasks are read than dossiers are
 * taken, because other processes may have locked the first ones.
 */
export async function lockDueTimers(
  tx: Tx,
  now: Date,
  except: readonly string[],
): Promise<Map<string, Dossier>> {
  const values = [now, except];
  const [own, ofTasks] = await Promise.all([
    tx.query<DossierRow>({
      name: 'lock_due_dossiers',
      text: `select id, record from dossier
              where timer_at <= $1 and id <> all($2::uuid[])
              order by timer_at limit ${TIMER_BATCH} for update skip locked`,
      values,
    }),
    tx.query<DossierRow>({
      name: 'lock_due_tasks',
      text: `with due as (
               select dossier_id from task
                where state = ${TaskState.OPEN} and timer_at <= $1 and dossier_id <> all($2::uuid[])
                order by timer_at limit ${TASKS_READ})
             select id, record from dossier
              where id = any(array(select dossier_id from due)) limit ${TIMER_BATCH} for update skip locked`,
      values,
    }),
  ]);
  return dossiersIn([...own, ...ofTasks]);
}

/** When the earliest timer is or was due; undefined when there is none. */
export async function nextTimer(reader: Reader): Promise<Date | undefined> {
  const [row] = await reader.query<{ at: Date | null }>({
    name: 'next_timer',
    text: `select least(
             (select timer_at from dossier where timer_at is not null order by timer_at limit 1),
             (select timer_at from task where state = ${TaskState.OPEN} and timer_at is not null order by timer_at limit 1)) as at`,
  });
  return row?.at ?? undefined;
}
