/** Computes the deadlines of a dossier's open work again, on the calendars of today. */
import type { DeadlineChange, RecomputeCause } from '@lienthong/contracts/casework';
import { apply, type Draft, type Edit, emit, patch } from '../decision/draft.ts';
import { decideForPlatform, type PlatformDecision } from '../decision/platform.ts';
import { toDate } from '../dossier/messages.ts';
import type { DeadlineState, Dossier, Task } from '../dossier/state.ts';
import { isClosed } from '../dossier/status.ts';
import type { World } from '../dossier/world.ts';
import { patchTask } from '../work/tasks.ts';
import { computeDeadline } from './deadline.ts';

/** The change after which deadlines are computed again. */
export interface RecomputeTrigger {
  cause: RecomputeCause;
  /** For people, Vietnamese: the decision or the reorganisation. */
  reason: string;
}

/** Refuses: what `openDraft` refuses, OUTSIDE_CALENDAR. */
export const recompute = (
  dossier: Dossier,
  world: World,
  now: number,
  trigger: RecomputeTrigger,
): PlatformDecision => decideForPlatform(dossier, world, now, recomputeDeadlines(trigger));

/** One event lists the deadlines that moved, or that are not provisional any more (or became so). The deadline of a paused clock is computed when the clock resumes. */
export const recomputeDeadlines =
  ({ cause, reason }: RecomputeTrigger): Edit =>
  (draft) => {
    const { dossier } = draft;
    if (isClosed(dossier)) return draft;
    const own = recomputeOne(draft, dossier, dossier.intake.agencyId);
    const tasks = dossier.open.map((before) => ({
      before,
      after: recomputeOne<Task>(draft, before, before.agency.agencyId),
    }));
    const changes = [
      ...changeOf(0, dossier, own),
      ...tasks.flatMap(({ before, after }) => changeOf(before.number, before, after)),
    ];
    return apply(
      draft,
      ...(own === dossier ? [] : [patch(deadlineOf(own))]),
      ...tasks.flatMap(({ before, after }) =>
        after === before ? [] : [patchTask(before, deadlineOf(after))],
      ),
      ...(changes.length > 0
        ? [emit('lienthong.casework.v1.DeadlinesRecomputed', { cause, reason, changes })]
        : []),
    );
  };

const deadlineOf = ({ dueAt, provisional, urgency, timerAt }: DeadlineState) => ({
  dueAt,
  provisional,
  urgency,
  timerAt,
});

const changeOf = (taskNumber: number, before: DeadlineState, after: DeadlineState): DeadlineChange[] =>
  hasChanged(before, after)
    ? [
        {
          taskNumber,
          from: toDate(before.dueAt),
          to: toDate(after.dueAt),
          provisional: after.provisional,
        },
      ]
    : [];

const hasChanged = (before: DeadlineState, after: DeadlineState): boolean =>
  after.dueAt !== before.dueAt || after.provisional !== before.provisional;

/** Returns `before` when nothing changes. The stage of an unmoved deadline stays, so that its event is not repeated. */
function recomputeOne<T extends DeadlineState>({ world, rules, now }: Draft, before: T, agencyId: string): T {
  const after = computeDeadline(before, world.calendars.of(agencyId), rules, now);
  return hasChanged(before, after) || (after.urgency === before.urgency && after.timerAt !== before.timerAt)
    ? after
    : before;
}
