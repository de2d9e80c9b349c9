import { type Calendar, days, deadline, subtractDays, vietnamCalendar } from '@lienthong/working-time';
import pg from 'pg';
import { DOSSIER_DAYS, STEP_DAYS } from '../procedure.ts';
import type { Target } from '../target.ts';

const QUARTER_HOUR = 900_000;

/**
 * Seconds until all timers that are due at the same moment have fired, each exactly once: the deadlines of dossiers and
 * of their open steps are near.
 */
export async function timersDueAtOnce(target: Target, timers: number): Promise<number> {
  const database = new pg.Client({ connectionString: target.databaseUrl });
  await database.connect();
  try {
    await database.query('set search_path = casework');
    const firedSoFar = async (): Promise<number> => {
      const { rows } = await database.query<{ n: string }>(
        "select count(*) as n from event where type = 'lienthong.casework.v1.DeadlineNear'",
      );
      return Number(rows[0]?.n);
    };
    const before = await firedSoFar();
    const now = Date.now();
    const start = performance.now();
    const { rowCount } = await database.query(
      `with chosen as (
         select d.id from dossier d join task t on t.dossier_id = d.id and t.state = 1
          where d.urgency = 1 and t.urgency = 1 and d.due_at is not null limit $1
       ), moved as (
         update task t set timer_at = $2, due_at = to_timestamp($6::bigint / 1000.0)
           from chosen where t.dossier_id = chosen.id and t.state = 1
       )
       update dossier d
          set timer_at = $2, due_at = to_timestamp($4::bigint / 1000.0),
              record = (d.record::jsonb || jsonb_build_object(
                'clock', d.record::jsonb->'clock' || jsonb_build_object('receivedAt', $3::bigint),
                'timerAt', (extract(epoch from $2::timestamptz) * 1000)::bigint, 'dueAt', $4::bigint,
                'open', jsonb_build_array(d.record::jsonb->'open'->0 || jsonb_build_object(
                  'clock', d.record::jsonb->'open'->0->'clock' || jsonb_build_object('receivedAt', $5::bigint),
                  'timerAt', (extract(epoch from $2::timestamptz) * 1000)::bigint, 'dueAt', $6::bigint))))::text
         from chosen where d.id = chosen.id`,
      [timers / 2, new Date(now - 1_000), ...nearly(DOSSIER_DAYS, now), ...nearly(STEP_DAYS, now)],
    );
    if (rowCount !== timers / 2) throw new Error(`only ${rowCount} dossiers are under way`);
    while (true) {
      const fired = (await firedSoFar()) - before;
      if (fired > timers) throw new Error(`${fired} timers were fired of ${timers}`);
      if (fired === timers) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const seconds = (performance.now() - start) / 1_000;
    await target.quiet();
    return seconds;
  } finally {
    await database.end();
  }
}

/** A time of receipt whose deadline, `length` working days later, is less than one working day away; and that deadline. */
function nearly(length: number, now: number): [receivedAt: number, dueAt: number] {
  const calendar: Calendar = vietnamCalendar;
  for (let receivedAt = now; receivedAt > now - 60 * 86_400_000; receivedAt -= QUARTER_HOUR) {
    const clock = deadline(calendar, { receivedAt, duration: days(length) });
    if (!clock.ok || clock.value.state !== 'running') continue;
    const { deadline: dueAt } = clock.value;
    if (dueAt > now && subtractDays(calendar, dueAt, 1) <= now) return [receivedAt, dueAt];
  }
  throw new Error('no time of receipt has its deadline tomorrow');
}
