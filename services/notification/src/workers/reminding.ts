import {
  type Clock,
  type Database,
  type Logger,
  periodically,
  vietnamDate,
  type Worker,
} from '@lienthong/kit';
import type { ReferenceCache } from '@lienthong/reference-data';
import type { Planner } from '../consumers/planner.ts';
import { type Reminder, reminded } from '../domain/rules/routing.ts';
import { remindAt } from '../domain/times.ts';
import { dropReminders, lockReminders, readLabels } from '../store/documents.ts';

export interface RemindingParts {
  db: Database;
  clock: Clock;
  log: Logger;
  reference: ReferenceCache;
  planner: Planner;
  everyMs: number;
}

export interface Reminding extends Worker {
  /** Tells of every date that comes near by now; resolves to how many. */
  remindDue(): Promise<number>;
}

/** Longer than any run of days off. */
const AHEAD_MS = 21 * 86_400_000;
const BATCH = 500;

/** Tells agencies of the dates of directives, one working day before by their own calendar. */
export function createReminding({ db, clock, log, reference, planner, everyMs }: RemindingParts): Reminding {
  async function remindDue(): Promise<number> {
    let told = 0;
    let after: Reminder | undefined;
    while (true) {
      const rows: Reminder[] = await db.transaction(async (tx) => {
        const now = clock.now();
        const to = vietnamDate(new Date(now.getTime() + AHEAD_MS));
        const [batch] = await Promise.all([lockReminders(tx, to, after, BATCH), reference.refresh(tx)]);
        const due = batch.filter((one) => remindAt(reference.calendars.of(one.agencyId), one.dueOn) <= now);
        dropReminders(tx, due);
        // A date that had passed before anybody looked is no news any more.
        const news = due.filter(({ dueOn }) => dueOn >= vietnamDate(now));
        const labels = await readLabels(
          tx,
          news.map(({ documentId }) => documentId),
        );
        const world = planner.world(labels);
        await planner.plan(
          tx,
          news.map((one) => reminded(one, world)),
        );
        told += news.length;
        return batch;
      });
      if (rows.length < BATCH) return told;
      after = rows.at(-1);
    }
  }

  return {
    ...periodically('reminding', everyMs, log, async () => void (await remindDue())),
    remindDue,
  };
}
