import type { AgencyClient } from '@lienthong/client';
import { DossierStatus, StatisticsGroup, type StatisticsRow } from '@lienthong/contracts/casework';
import { type Case, isFinished } from './ledger.ts';

const COUNTED = [
  'finished',
  'onTime',
  'overdue',
  'shorter',
  'longer',
  'extended',
  'refused',
  'withdrawn',
  'withoutSupplement',
  'oneSupplement',
] as const satisfies readonly (keyof StatisticsRow)[];

/** By intake agency and procedure: how often each of COUNTED. */
export type Counts = Map<string, number[]>;

export async function readCounts(admin: AgencyClient): Promise<Counts> {
  const { rows } = await admin.statistics.getStatistics({
    from: '2025-04-01',
    to: '2025-12-31',
    groupBy: [StatisticsGroup.AGENCY, StatisticsGroup.PROCEDURE],
  });
  const counts: Counts = new Map();
  for (const row of rows)
    add(
      counts,
      `${row.agencyId} ${row.procedureCode}`,
      COUNTED.map((key) => row[key]),
    );
  return counts;
}

/** The same figures from the ledger. */
export function countsOf(cases: Iterable<Case>): Counts {
  const counts: Counts = new Map();
  for (const one of cases) {
    const done = isFinished(one);
    const facts = [
      done,
      done && !one.late,
      done && one.late,
      done && one.early,
      done && one.late,
      done && one.extended,
      one.status === DossierStatus.REFUSED,
      one.status === DossierStatus.WITHDRAWN,
      done && one.supplements === 0,
      done && one.supplements === 1,
    ];
    add(counts, `${one.intakeId} ${one.procedure.code}`, facts.map(Number));
  }
  return counts;
}

/** Describes each figure that has not changed as expected since `before`. */
export function differencesOf(before: Counts, now: Counts, should: Counts): string[] {
  const differences: string[] = [];
  for (const key of new Set([...now.keys(), ...should.keys()])) {
    COUNTED.forEach((name, i) => {
      const is = (now.get(key)?.[i] ?? 0) - (before.get(key)?.[i] ?? 0);
      const expected = should.get(key)?.[i] ?? 0;
      if (is !== expected) differences.push(`statistics of ${key}: ${name} ${is}, should be ${expected}`);
    });
  }
  return differences;
}

function add(counts: Counts, key: string, figures: readonly number[]): void {
  const sum = counts.get(key);
  counts.set(
    key,
    figures.map((figure, i) => figure + (sum?.[i] ?? 0)),
  );
}
