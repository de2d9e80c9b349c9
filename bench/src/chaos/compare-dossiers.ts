import type pg from 'pg';
import type { Dossiers } from './dossiers.ts';
import type { Note } from './verdict.ts';

interface DossierRow {
  id: string;
  code: string;
  status: number;
  version: string;
  event_version: string;
}

/** Compares acknowledged dossiers with their rows, tasks and events. */
export async function compareDossiers(database: pg.Client, made: Dossiers, note: Note): Promise<void> {
  const { rows } = await database.query<DossierRow>(
    `select d.id, d.code, d.status, d.version, coalesce(max(e.version), 0) as event_version
       from casework.dossier d left join casework.event e on e.aggregate_id = d.id
      group by d.id, d.code, d.status, d.version`,
  );
  for (const line of made.waiting) note('stuck', line);
  for (const contradiction of made.contradictions) note('doubled', contradiction);
  compareRows(rows, made, note);
  compareCodes(rows, note);
  await compareTasks(database, made, note);
}

function compareRows(rows: readonly DossierRow[], { acknowledged, unanswered }: Dossiers, note: Note): void {
  const stored = new Map(rows.map((row) => [row.id, row]));
  for (const [id, { code, status, version, exact }] of acknowledged) {
    const row = stored.get(id);
    const [is, was] = [`is at ${row?.status} v${row?.version}`, `acknowledged was ${status} v${version}`];
    // A step may have been committed although its reply was lost: never less than acknowledged.
    if (row === undefined || row.code !== code || BigInt(row.version) < version || row.status < status)
      note('lost', `dossier ${code} ${is}, ${was}`);
    else if (exact && (BigInt(row.version) !== version || row.status !== status))
      note('doubled', `dossier ${code} ${is}, ${was} without another request`);
  }
  for (const { code, version, event_version } of rows)
    if (version !== event_version)
      note('lost', `dossier ${code} is at v${version}, its events at v${event_version}`);
  const unknown = rows.filter(({ id }) => !acknowledged.has(id));
  if (unknown.length > unanswered)
    note(
      'doubled',
      `${unknown.length} dossiers that no reply acknowledged, but ${unanswered} rounds without a reply`,
    );
}

/** `<agency>-YYMMDD-NNNN`: each number of an agency's day once, from 1 on without a gap. */
function compareCodes(rows: readonly DossierRow[], note: Note): void {
  const series = Map.groupBy(rows, ({ code }) => code.slice(0, code.lastIndexOf('-')));
  for (const [prefix, dossiers] of series) {
    const numbers = new Set(dossiers.map(({ code }) => Number(code.slice(prefix.length + 1))));
    if (numbers.size < dossiers.length) note('doubled', `${prefix} has a number twice`);
    if (Math.max(...numbers) > numbers.size) note('lost', `${prefix} has numbers that no dossier has`);
  }
}

/** `lienthong.casework.v1.TaskState` */
const COMPLETED = 2;

async function compareTasks(database: pg.Client, { acknowledged }: Dossiers, note: Note): Promise<void> {
  const { rows: counts } = await database.query<{ code: string; tasks: string; events: string }>(
    `select d.code,
            (select count(*) from casework.task t where t.dossier_id = d.id and t.state <> 1) as tasks,
            (select count(*) from casework.event e
              where e.aggregate_id = d.id and e.type = 'lienthong.casework.v1.TaskClosed') as events
       from casework.dossier d`,
  );
  for (const { code, tasks, events } of counts)
    if (tasks !== events)
      note(
        BigInt(events) > BigInt(tasks) ? 'doubled' : 'lost',
        `${code} has ${tasks} closed tasks and ${events} events of them`,
      );

  const { rows } = await database.query<{ dossier_id: string; number: number }>(
    'select dossier_id, number from casework.task where state = $1',
    [COMPLETED],
  );
  const completed = new Set(rows.map(({ dossier_id, number }) => `${dossier_id} ${number}`));
  for (const [id, { completed: numbers }] of acknowledged)
    for (const number of numbers)
      if (!completed.has(`${id} ${number}`)) note('lost', `task ${number} of ${id} is not completed`);

  const { rows: uncounted } = await database.query<{ code: string }>(
    `select d.code from casework.dossier d
      where not d.live and not exists (
        select from casework.statistics_fact f where f.dossier_id = d.id and f.task_number = 0)`,
  );
  for (const { code } of uncounted) note('lost', `${code} has ended and is in no statistics`);
}
