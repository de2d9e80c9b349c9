import type { OpenFigures } from '@lienthong/contracts/casework';
import { refuse, searchKey, startOfVietnamDate } from '@lienthong/kit';
import { z } from 'zod';
import { LEAST_DOSSIERS, openPeriod } from '../domain/statistics/open-figures.ts';
import type { StatisticsRow } from '../store/statistics/read-statistics.ts';
import { query, Statistics } from './deps.ts';
import { nameThen } from './names.ts';

const MINUTES_OF_DAY = 8 * 60;
/** Fewer years than would fill the memory of a process. */
const YEARS = { first: 2000, last: 2199 };

export const getOpenFigures = query(Statistics.getOpenFigures, {
  policy: 'public',
  request: z.object({
    year: z.number().refine((year) => year === 0 || (year >= YEARS.first && year <= YEARS.last), {
      message: `must be a year from ${YEARS.first} on, or 0`,
      params: { reason: 'YEAR_WITHOUT_FIGURES' },
    }),
  }),
  async handle({ year }, { now, today }, { db, reference: { agencies }, openFigures }) {
    const period = openPeriod(year, today);
    if (!period.ok) return refuse(period.refusal);
    const [rows] = await Promise.all([openFigures(period.value, now), agencies.refresh(db)]);
    const at = startOfVietnamDate(period.value.to);
    const shown = rows
      .filter(({ finished }) => finished > 0)
      .map((row) => toFigures(row, nameThen(agencies, row.agency_id ?? '', at)));
    const key = ({ agencyName }: OpenFigures) => searchKey(agencyName);
    return { ...period.value, agencies: shown.toSorted((a, b) => (key(a) < key(b) ? -1 : 1)) };
  },
});

function toFigures(row: StatisticsRow, agencyName: string): OpenFigures {
  const { finished, overdue, one_supplement, more_supplements, taken } = row;
  const agency = { agencyId: row.agency_id ?? '', agencyName };
  if (finished < LEAST_DOSSIERS)
    return { ...agency, few: true, finished: 0, onTime: 0, supplemented: 0, meanDays: 0 };
  return {
    ...agency,
    few: false,
    finished,
    onTime: finished - overdue,
    supplemented: one_supplement + more_supplements,
    meanDays: (taken ?? 0) / MINUTES_OF_DAY,
  };
}
