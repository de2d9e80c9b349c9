import { DossierOrigin, DossierStatus } from '@lienthong/contracts/casework';
import { parameters, type Reader } from '@lienthong/kit';
import { AGAINST } from './count-events.ts';

export type Grouping = 'agency' | 'procedure' | 'step' | 'month' | 'origin';

export interface StatisticsQuery {
  /** When dossiers or tasks ended, YYYY-MM-DD, both inclusive; '' for no bound. */
  from: string;
  to: string;
  groupBy: ReadonlySet<Grouping>;
  /** Undefined: all. */
  agencyIds: readonly string[] | undefined;
  procedureCode: string;
  origin: DossierOrigin;
  /** Undefined: all. */
  versions?: readonly number[];
}

/** Counts, and means over finished dossiers or tasks; null without any. */
export interface StatisticsRow {
  agency_id: string | null;
  procedure_code: string | null;
  procedure_version: number | null;
  step_key: string | null;
  month: string | null;
  of_sub_procedure: boolean | null;
  finished: number;
  overdue: number;
  shorter: number;
  equal: number;
  extended: number;
  refused: number;
  withdrawn: number;
  without_supplement: number;
  one_supplement: number;
  more_supplements: number;
  supplements: number;
  taken: number | null;
  allowed: number | null;
  elsewhere: number | null;
}

const COLUMNS: Readonly<Record<Grouping, readonly [expression: string, name: string][]>> = {
  month: [[`to_char(ended_on, 'YYYY-MM')`, 'month']],
  agency: [['agency_id', 'agency_id']],
  procedure: [
    ['procedure_code', 'procedure_code'],
    ['procedure_version', 'procedure_version'],
  ],
  step: [['step_key', 'step_key']],
  origin: [['of_sub_procedure', 'of_sub_procedure']],
};
const FINISHED = `outcome = ${DossierStatus.FINISHED}`;
const GROUPINGS: readonly Grouping[] = ['month', 'agency', 'procedure', 'step', 'origin'];

/**
 * Sums up the facts of tasks when grouped by step, else those of dossiers. With 940,000 dossiers over five years, a year
 * of one agency takes 1 ms, of all agencies 0.1 to 0.4 s.
 */
export function readStatistics(reader: Reader, query: StatisticsQuery): Promise<StatisticsRow[]> {
  const p = parameters();
  const { from, to, groupBy, agencyIds, procedureCode, origin, versions } = query;
  const where = [groupBy.has('step') ? 'task_number > 0' : 'task_number = 0'];
  if (from !== '') where.push(`ended_on >= ${p.add(from)}::date`);
  if (to !== '') where.push(`ended_on <= ${p.add(to)}::date`);
  if (agencyIds) where.push(`agency_id = any(${p.add(agencyIds)}::uuid[])`);
  if (procedureCode !== '') where.push(`procedure_code = ${p.add(procedureCode)}`);
  if (origin !== DossierOrigin.UNSPECIFIED)
    where.push(`${origin === DossierOrigin.APPLICANT ? 'not ' : ''}of_sub_procedure`);
  if (versions) where.push(`procedure_version = any(${p.add(versions)}::int[])`);
  const grouped = GROUPINGS.filter((one) => groupBy.has(one)).flatMap((one) => COLUMNS[one]);
  const columns = GROUPINGS.flatMap((one) =>
    COLUMNS[one].map(([expression, name]) => `${groupBy.has(one) ? expression : 'null'} as ${name}`),
  );
  const keys = grouped.map(([expression]) => expression).join(', ');
  const finished = (condition: string) => `count(*) filter (where ${FINISHED} and ${condition})`;
  // Supplements are the dossier's, not its tasks'.
  const contacts = (number: string) => finished(`task_number = 0 and supplements ${number}`);
  const mean = (column: string) => `avg(${column}) filter (where ${FINISHED})`;
  return reader.query({
    text: `select ${columns.join(', ')},
                  ${finished('true')} as finished, ${finished(`against = ${AGAINST.longer}`)} as overdue,
                  ${finished(`against = ${AGAINST.shorter}`)} as shorter, ${finished(`against = ${AGAINST.equal}`)} as equal,
                  ${finished('extended')} as extended,
                  count(*) filter (where outcome = ${DossierStatus.REFUSED}) as refused,
                  count(*) filter (where outcome = ${DossierStatus.WITHDRAWN}) as withdrawn,
                  ${contacts('= 0')} as without_supplement,
                  ${contacts('= 1')} as one_supplement,
                  ${contacts('> 1')} as more_supplements,
                  coalesce(sum(supplements) filter (where ${FINISHED}), 0) as supplements,
                  ${mean('taken')} as taken, ${mean('allowed')} as allowed, ${mean('elsewhere')} as elsewhere
             from statistics_fact
            where ${where.join(' and ')}
            group by ${keys} order by ${keys}`,
    values: p.values,
  });
}
