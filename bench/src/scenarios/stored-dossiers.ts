import pg from 'pg';
import type { Agency } from '../agencies.ts';
import { lodging } from '../procedure.ts';
import type { Target } from '../target.ts';
import { wholeDossier } from './dossiers.ts';

const AGENCIES = 100;
/** Dossiers per agency, and how many of them are under way. */
const LODGED = 20;
const OPEN = 2;

/**
 * Fills casework with dossiers of 100 agencies, one in ten under way. Some are lodged and worked on by calls, the rest
 * are copies of their rows under new ids.
 */
export async function storeDossiers(
  target: Target,
  agencies: readonly Agency[],
  total: number,
): Promise<void> {
  await Promise.all(
    agencies.slice(0, AGENCIES).map(async ({ id }) => {
      const calls = await target.as(id);
      for (let n = 0; n < OPEN; n += 1) await calls.lodgeDossier(lodging());
      for (let n = OPEN; n < LODGED; n += 1) await wholeDossier(calls, () => {});
    }),
  );
  await target.quiet();
  const database = new pg.Client({ connectionString: target.databaseUrl });
  await database.connect();
  try {
    const copies = Math.max(1, Math.round(total / (AGENCIES * LODGED)) - 1);
    await database.query('set search_path = casework');
    await database.query(
      `create temp table copied as
       select d.id as old, gen_random_uuid() as new, g from (select id from dossier order by lodged_at desc limit $1) d,
              generate_series(1, $2) g`,
      [AGENCIES * LODGED, copies],
    );
    await database.query(
      `insert into dossier (id, code, version, status, live, procedure_id, procedure_code, intake_id, holder_id,
                            lodged_at, due_at, urgency, timer_at, waits_with, parent_id, record)
       select c.new, d.code || '.' || c.g, d.version, d.status, d.live, d.procedure_id, d.procedure_code, d.intake_id,
              d.holder_id, d.lodged_at - c.g * interval '1 minute', d.due_at, d.urgency, d.timer_at, d.waits_with,
              d.parent_id, replace(d.record, c.old::text, c.new::text)
         from copied c join dossier d on d.id = c.old`,
    );
    await database.query(
      `insert into task (dossier_id, number, agency_id, assignee_id, kind, state, urgency, due_at, timer_at,
                         procedure_code, record)
       select c.new, t.number, t.agency_id, t.assignee_id, t.kind, t.state, t.urgency,
              t.due_at - c.g * interval '1 second', t.timer_at, t.procedure_code, t.record
         from copied c join task t on t.dossier_id = c.old where t.state = 1`,
    );
    await database.query(
      `insert into participant (agency_id, lodged_at, dossier_id, procedure_code, ended_as)
       select p.agency_id, p.lodged_at - c.g * interval '1 minute', c.new, p.procedure_code, p.ended_as
         from copied c join participant p on p.dossier_id = c.old`,
    );
    await database.query(
      `insert into applicant (dossier_id, record, words)
       select c.new, a.record, a.words from copied c join applicant a on a.dossier_id = c.old`,
    );
    for (const table of ['dossier', 'task', 'participant', 'applicant'])
      await database.query(`vacuum analyze ${table}`);
  } finally {
    await database.end();
  }
}
