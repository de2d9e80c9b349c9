import {
  type Clock,
  type Database,
  type DueWorker,
  dueWorker,
  type Logger,
  vietnamDate,
} from '@lienthong/kit';
import type { ReferenceCache } from '@lienthong/reference-data';
import { type Reminder, toReminderIntent } from '../domain/rules/routing.ts';
import { remindAt } from '../domain/times.ts';
import type { Planner } from '../plan-messages.ts';
import { dropReminders, lockReminders, readLabels } from '../store/documents.ts';

export interface ReminderDeps {
  db: Database;
  clock: Clock;
  log: Logger;
  reference: ReferenceCache;
  planner: Planner;
  everyMs: number;
}

/** Longer than any run of days off. */
const AHEAD_MS = 21 * 86_400_000;
const BATCH = 500;

/** Reminds agencies of the dates of directives, one working day before by the agency's own calendar. */
export function createReminderWorker(deps: ReminderDeps): DueWorker {
  const { db, clock, log, reference, planner, everyMs } = deps;

  /** Plans the reminders of one batch that are due; resolves to how many, and to the row that the next batch follows. */
  const remindBatch = (after: Reminder | undefined) =>
    db.transaction(async (tx) => {
      const now = clock.now();
      const to = vietnamDate(new Date(now.getTime() + AHEAD_MS));
      const [batch] = await Promise.all([lockReminders(tx, to, after, BATCH), reference.refresh(tx)]);
      const due = batch.filter((one) => remindAt(reference.calendars.of(one.agencyId), one.dueOn) <= now);
      dropReminders(tx, due);
      // A date that has passed needs no reminder.
      const current = due.filter(({ dueOn }) => dueOn >= vietnamDate(now));
      const labels = await readLabels(
        tx,
        current.map(({ documentId }) => documentId),
      );
      const world = planner.world(labels);
      await planner.plan(
        tx,
        current.map((one) => toReminderIntent(one, world)),
      );
      return { planned: current.length, last: batch.length < BATCH ? undefined : batch.at(-1) };
    });

  return dueWorker({
    name: 'reminding',
    log,
    everyMs,
    async *work() {
      let after: Reminder | undefined;
      do {
        const { planned, last } = await remindBatch(after);
        after = last;
        yield planned;
      } while (after !== undefined);
    },
  });
}
