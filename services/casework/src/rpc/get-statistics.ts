import { DossierOrigin, StatisticsGroup } from '@lienthong/contracts/casework';
import { enumField, field, manyOf, startOfVietnamDate } from '@lienthong/kit';
import { z } from 'zod';
import { type Grouping, readStatistics } from '../store/statistics/read-statistics.ts';
import { query, Statistics } from './deps.ts';
import { nameThen } from './names.ts';
import { toStatisticsRow } from './statistics-row.ts';
import { agenciesSeenBy, narrowTo } from './statistics-scope.ts';

const GROUPINGS: Readonly<Record<Exclude<StatisticsGroup, 0>, Grouping>> = {
  [StatisticsGroup.AGENCY]: 'agency',
  [StatisticsGroup.PROCEDURE]: 'procedure',
  [StatisticsGroup.STEP]: 'step',
  [StatisticsGroup.MONTH]: 'month',
  [StatisticsGroup.ORIGIN]: 'origin',
};

/** By step the rows are of tasks and the agency is the task's; else of dossiers and their intake agencies. */
export const getStatistics = query(Statistics.getStatistics, {
  policy: 'authenticated',
  request: z.object({
    from: field.date,
    to: field.date,
    groupBy: manyOf(enumField(StatisticsGroup), 5),
    agencyId: field.optionalUuid,
    procedureCode: field.text({ max: 40 }),
    origin: enumField(DossierOrigin, DossierOrigin.UNSPECIFIED),
  }),
  rules: ({ from, to, groupBy }) => [
    ...(from > to ? [{ field: 'to', reason: 'PERIOD_INVALID', description: 'must not be before from' }] : []),
    ...(groupBy.length === 0
      ? [{ field: 'group_by', reason: 'FIELD_REQUIRED', description: 'must name at least one group' }]
      : []),
  ],
  async handle({ from, to, groupBy, agencyId, procedureCode, origin }, context, deps) {
    const rows = await readStatistics(deps.db, {
      from,
      to,
      groupBy: new Set(groupBy.map((one) => GROUPINGS[one])),
      agencyIds: narrowTo(agencyId, await agenciesSeenBy(context, deps)),
      procedureCode,
      origin,
    });
    const at = startOfVietnamDate(to);
    const nameOf = (id: string) => nameThen(deps.reference.agencies, id, at);
    return { rows: rows.map((row) => toStatisticsRow(row, nameOf)) };
  },
});
