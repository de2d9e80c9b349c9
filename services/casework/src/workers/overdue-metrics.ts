import { Urgency } from '@lienthong/contracts/casework';
import { type Clock, type Database, observeGauges, type Worker } from '@lienthong/kit';
import { countOverdue, type OverdueCount } from '../store/count-overdue.ts';

/** A count is kept so long: overdue work changes slowly, and counting reads every live dossier. */
const KEEP_MS = 60_000;

/** Overdue and escalated dossiers and tasks, counted when metrics are collected, at most once a minute. */
export function overdueMetrics({ db, clock }: { db: Database; clock: Clock }): Worker {
  let stop = () => {};
  let counted: { at: number; rows: readonly OverdueCount[] } | undefined;

  async function read(): Promise<readonly OverdueCount[]> {
    const at = performance.now();
    if (counted === undefined || at - counted.at > KEEP_MS)
      counted = { at, rows: await countOverdue(db, clock.now()) };
    return counted.rows;
  }

  return {
    name: 'overdue metrics',
    async start() {
      stop = observeGauges(
        'lienthong.casework',
        {
          'lienthong.casework.overdue': {
            unit: '{item}',
            description: 'Live dossiers and open tasks past their deadline',
          },
        },
        async (report) => {
          const rows = await read();
          for (const what of ['dossier', 'task'])
            for (const [urgency, level] of [
              [Urgency.OVERDUE, 'overdue'],
              [Urgency.ESCALATED, 'escalated'],
            ] as const) {
              const row = rows.find((one) => one.what === what && one.urgency === urgency);
              report('lienthong.casework.overdue', row?.count ?? 0, { what, level });
            }
        },
      );
    },
    async stop() {
      stop();
    },
  };
}
