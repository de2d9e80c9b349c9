import { DossierOrigin } from '@lienthong/contracts/casework';
import type { Database } from '@lienthong/kit';
import type { Period } from '../../domain/statistics/open-figures.ts';
import { readStatistics, type StatisticsRow } from './read-statistics.ts';

/** How long figures are remembered: anybody may ask for them, and a year of all agencies takes up to 0.4 s to read. */
const REMEMBERED_MS = 600_000;

export type OpenFiguresReader = (period: Period, now: Date) => Promise<readonly StatisticsRow[]>;

/** Reads the figures of dossiers by intake agency; calls for one period at the same time read once. */
export function createOpenFiguresReader(db: Database): OpenFiguresReader {
  const known = new Map<string, { until: number; rows: Promise<readonly StatisticsRow[]> }>();
  return ({ from, to }, now) => {
    const key = `${from} ${to}`;
    const remembered = known.get(key);
    if (remembered !== undefined && remembered.until > now.getTime()) return remembered.rows;
    const rows = readStatistics(db, {
      from,
      to,
      groupBy: new Set(['agency'] as const),
      agencyIds: undefined,
      procedureCode: '',
      origin: DossierOrigin.APPLICANT,
    });
    const read = { until: now.getTime() + REMEMBERED_MS, rows };
    known.set(key, read);
    rows.catch(() => known.get(key) === read && known.delete(key));
    return rows;
  };
}
