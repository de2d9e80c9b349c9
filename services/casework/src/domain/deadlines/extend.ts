import { invalid, type Refusal } from '@lienthong/kit';
import { days, durationText, subtractDays, workingDaysBetween } from '@lienthong/working-time';
import { actOf, apply, type Draft, emit, patch } from '../decision/draft.ts';
import { precondition } from '../decision/refusals.ts';
import { mustActForHolder, UNDER_WAY, withinLaw } from '../decision/rules.ts';
import { onDossier, type TransitionOf } from '../decision/transition.ts';
import { toEventExtension } from '../dossier/messages.ts';
import { timesText } from '../law/rules.ts';
import { setAgreedEnd } from './clock.ts';
import { setClock } from './dossier-clock.ts';

type Extend = TransitionOf<'extend'>;

/** Form 04: an apology and a new date. */
export const extend = onDossier<'extend'>({
  rules: [mustActForHolder, ...UNDER_WAY, withinLaw(mustBeFirst), withinLaw(mustBeInTime), mustBeLater],
  edits: ({ dueAt, reason }) => [(draft) => extendTo(draft, dueAt, reason)],
});

function extendTo(before: Draft, dueAt: number, reason: string): Draft {
  const { clock, dueAt: from } = runningClock(before);
  const draft = setClock(setAgreedEnd(clock, before.now, dueAt))(before);
  // The event and the paper state the date that is in force: one on a day off moves to the next working day.
  const { dueAt: to, provisional } = draft.dossier;
  const extension = { from, to: to ?? dueAt, reason, at: draft.now, provisional };
  return apply(
    draft,
    patch({ extension, acts: { ...draft.dossier.acts, extended: actOf(draft) } }),
    emit('lienthong.casework.v1.DeadlineExtended', { extension: toEventExtension(extension) }),
  );
}

function runningClock({ dossier: { id, clock, dueAt } }: Draft) {
  if (dueAt === null || clock === null) throw new Error(`dossier ${id} has no running deadline`);
  return { clock, dueAt };
}

function mustBeFirst({ dossier, rules }: Draft): Refusal | undefined {
  if (dossier.extension === null) return undefined;
  const { atMost, source } = rules.extension;
  return precondition(
    'EXTENSION_ALREADY_GIVEN',
    `the deadline can be extended ${timesText(atMost)} (${source})`,
  );
}

function mustBeInTime(draft: Draft): Refusal | undefined {
  const { dossier, world, rules, now } = draft;
  const { daysBefore, source } = rules.extension;
  const calendar = world.calendars.of(dossier.intake.agencyId);
  const until = subtractDays(calendar, runningClock(draft).dueAt, daysBefore);
  if (now <= until) return undefined;
  const end = new Date(until).toISOString();
  return {
    ...precondition(
      'EXTENSION_TOO_LATE',
      `the deadline can be extended until ${durationText(days(daysBefore)).en} before it, ${end} (${source})`,
    ),
    metadata: { until: end },
  };
}

function mustBeLater(draft: Draft, { dueAt }: Extend): Refusal | undefined {
  const { dueAt: from } = runningClock(draft);
  const calendar = draft.world.calendars.of(draft.dossier.intake.agencyId);
  if (dueAt > from && workingDaysBetween(calendar, from, dueAt) >= 0) return undefined;
  const description = `must be later than the deadline in force, ${new Date(from).toISOString()}`;
  return invalid([{ field: 'due_at', reason: 'EXTENSION_NOT_LATER', description }]);
}
