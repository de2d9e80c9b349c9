import { accepted, invalid, type Refusal, type Result, refused } from '@lienthong/kit';
import { subtractDays, workingDaysBetween } from '@lienthong/working-time';
import { actsForHolder, first, isAccepted, notClosed, notPaused } from '../decision/access.ts';
import type { Transition } from '../decision/command.ts';
import { actOf, type Draft, decided, emit, patch, setClock } from '../decision/draft.ts';
import { enter } from '../decision/enter.ts';
import type { Decided } from '../decision/events.ts';
import { precondition } from '../decision/refusals.ts';
import { toldExtension } from '../dossier/show.ts';
import type { World } from '../dossier/world.ts';
import { agree } from './clock.ts';

/**
 * Form 04: apology and a new date. Refused: EXTENSION_ALREADY_GIVEN, EXTENSION_TOO_LATE, EXTENSION_NOT_LATER.
 */
export function decideExtend(
  command: Extract<Transition, { kind: 'extend' }>,
  world: World,
): Result<Decided> {
  const entered = enter(command, world);
  if (!entered.ok) return entered;
  const draft = entered.value;
  const refusal = first(draft, actsForHolder, notClosed, isAccepted, notPaused, notExtended);
  if (refusal) return refused(refusal);
  const { dueAt: from, clock } = draft.dossier;
  if (from === null || clock === null) throw new Error(`dossier ${draft.dossier.id} runs without a deadline`);
  const late = tooLate(draft, from);
  if (late) return refused(late);
  const { dueAt: wished, reason } = command;
  const calendar = draft.world.calendars.of(draft.dossier.intake.agencyId);
  if (!(workingDaysBetween(calendar, from, wished) >= 0 && wished > from))
    return refused(
      invalid([
        {
          field: 'due_at',
          reason: 'EXTENSION_NOT_LATER',
          description: `must be later than the deadline in force, ${new Date(from).toISOString()}`,
        },
      ]),
    );
  setClock(draft, agree(clock, draft.now, wished));
  // What is told and printed is the date that holds: one on a day off moves to the next working day.
  const to = draft.dossier.dueAt ?? wished;
  const extension = { from, to, reason, at: draft.now };
  patch(draft, { extension, acts: { ...draft.dossier.acts, extended: actOf(draft) } });
  emit(draft, 'lienthong.casework.v1.DeadlineExtended', { extension: toldExtension(extension) });
  return accepted(decided(draft));
}

const notExtended = ({ dossier, rules }: Draft): Refusal | undefined =>
  dossier.extension === null
    ? undefined
    : precondition(
        'EXTENSION_ALREADY_GIVEN',
        `a new date may be given ${rules.extension.atMost} time (${rules.extension.source})`,
      );

function tooLate({ dossier, world, rules, now }: Draft, dueAt: number): Refusal | undefined {
  const { daysBefore, source } = rules.extension;
  const until = subtractDays(world.calendars.of(dossier.intake.agencyId), dueAt, daysBefore);
  if (now <= until) return undefined;
  const end = new Date(until).toISOString();
  return {
    ...precondition(
      'EXTENSION_TOO_LATE',
      `a new date must be given at least ${daysBefore} working day before the deadline, until ${end} (${source})`,
    ),
    metadata: { until: end },
  };
}
