import {
  type GetStatisticsRequest,
  type GetStatisticsResponse,
  StatisticsGroup,
} from '@lienthong/contracts/casework';
import { type CallInfo, enumField, field, manyOf, parse, startOfVietnamDate } from '@lienthong/kit';
import { z } from 'zod';
import { type Grouping, readStatistics } from '../store/statistics/read-statistics.ts';
import type { Edge } from './edge.ts';
import { nameThen } from './names.ts';
import { shownRow } from './statistics-row.ts';
import { figuresFor, narrowed } from './statistics-scope.ts';

const schema = z
  .object({
    from: field.date,
    to: field.date,
    groupBy: manyOf(enumField(StatisticsGroup), 4),
    agencyId: field.optionalUuid,
    procedureCode: field.text({ max: 40 }),
  })
  .superRefine(({ from, to, groupBy }, context) => {
    const wrong = (path: string, reason: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message, params: { reason } });
    if (from > to) wrong('to', 'PERIOD_INVALID', 'must not be before from');
    if (groupBy.length === 0) wrong('groupBy', 'FIELD_REQUIRED', 'must name at least one group');
  });

const GROUPINGS: Readonly<Record<Exclude<StatisticsGroup, 0>, Grouping>> = {
  [StatisticsGroup.AGENCY]: 'agency',
  [StatisticsGroup.PROCEDURE]: 'procedure',
  [StatisticsGroup.STEP]: 'step',
  [StatisticsGroup.MONTH]: 'month',
};

/** By step the rows are of tasks and the agency is the task's; else of dossiers and their intake agencies. */
export function getStatistics(edge: Edge) {
  return async (request: GetStatisticsRequest, info: CallInfo): Promise<GetStatisticsResponse> => {
    const { from, to, groupBy, agencyId, procedureCode } = parse(schema, request);
    const rows = await readStatistics(edge.db, {
      from,
      to,
      groupBy: new Set(groupBy.map((one) => GROUPINGS[one])),
      agencyIds: narrowed(await figuresFor(edge, info), agencyId),
      procedureCode,
    });
    const at = startOfVietnamDate(to);
    return { rows: rows.map((row) => shownRow(row, (id) => nameThen(edge.reference.agencies, id, at))) };
  };
}
