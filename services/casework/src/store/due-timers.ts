import type { Reader, Tx } from '@lienthong/kit';
import type { Dossier } from '../domain/dossier/state.ts';
import { type DossierRow, dossiersIn } from './dossiers.ts';

/**
 * Timers per transaction, of dossiers and of tasks each. Part of the statements' text, so that a plan that is made once
 * goes by the indices on timer_at, and not through everything that is due.
 */
export const TIMER_BATCH = 1000;
const LOOKED_AT = 4 * TIMER_BATCH;

/**
 * Dossiers of which a timer is due, the earliest first, except some; locked until the transaction ends. Those that
 * somebody else has locked are passed over: several processes share the work, and nobody waits for anybody. A row comes
 * as it is once its lock is had, so that a timer fired meanwhile is seen to be no longer due.
 *
 * Only dossiers are locked: whoever writes a task holds its dossier, so that nobody waits for a task. More due tasks are
 * looked at than dossiers are taken, for the first may be in the hands of other processes.
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
                where state = 1 and timer_at <= $1 and dossier_id <> all($2::uuid[])
                order by timer_at limit ${LOOKED_AT})
             select id, record from dossier
              where id = any(array(select dossier_id from due)) limit ${TIMER_BATCH} for update skip locked`,
      values,
    }),
  ]);
  return dossiersIn([...own, ...ofTasks]);
}

/** When the next timer there is comes, or came; undefined when there is none. */
export async function nextTimer(reader: Reader): Promise<Date | undefined> {
  const [row] = await reader.query<{ at: Date | null }>({
    name: 'next_timer',
    text: `select least(
             (select timer_at from dossier where timer_at is not null order by timer_at limit 1),
             (select timer_at from task where state = 1 and timer_at is not null order by timer_at limit 1)) as at`,
  });
  return row?.at ?? undefined;
}
