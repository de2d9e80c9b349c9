/** How a dossier ends: finished, refused or withdrawn. Nothing stays open. */
import { Urgency } from '@lienthong/contracts/casework';
import { workingDaysBetween } from '@lienthong/working-time';
import { isPlatform } from '../decision/callers.ts';
import { actOf, apply, type Draft, type Edit, emit, patch } from '../decision/draft.ts';
import { toEventResults } from '../dossier/messages.ts';
import type { Dossier } from '../dossier/state.ts';
import { cancelTasks } from './tasks.ts';

export const finish: Edit = (draft) => {
  const { dossier, now, world } = draft;
  const { dueAt, urgency, results } = dossier;
  const calendar = world.calendars.of(dossier.intake.agencyId);
  return apply(
    draft,
    close({ finishedAt: now }),
    emit('lienthong.casework.v1.DossierFinished', {
      finishedAt: new Date(now),
      results: toEventResults(results, draft.procedure),
      // A paused dossier has no deadline; one that was late before stays late.
      late: dueAt === null ? urgency >= Urgency.OVERDUE : now > dueAt,
      early: dueAt !== null && workingDaysBetween(calendar, now, dueAt) > 0,
    }),
  );
};

/** Form 03. */
export const refuseDossier =
  (reason: string): Edit =>
  (draft) =>
    apply(
      draft,
      close({ refusedAt: draft.now, reason, acts: { ...draft.dossier.acts, refused: actOf(draft) } }),
      emit('lienthong.casework.v1.DossierRefused', { at: new Date(draft.now) }),
    );

/** No result is promised any more: there is no deadline. */
export const withdrawDossier = (reason: string, { now, caller }: Draft): Edit[] => [
  close({ withdrawnAt: now, reason, clock: null, dueAt: null, provisional: false }),
  emit('lienthong.casework.v1.DossierWithdrawn', { at: new Date(now), notAwaited: isPlatform(caller) }),
];

const close =
  (change: Partial<Dossier>): Edit =>
  (draft) => {
    const { position } = draft.dossier;
    return apply(
      draft,
      cancelTasks(() => true),
      patch({ ...change, pause: null, position: position && { ...position, open: [], joins: {} } }),
    );
  };
