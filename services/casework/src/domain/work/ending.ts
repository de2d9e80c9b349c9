/** How a dossier ends: finished, refused or withdrawn. Nothing stays open. */
import { Urgency } from '@lienthong/contracts/casework';
import { workingDaysBetween } from '@lienthong/working-time';
import { isPlatform } from '../decision/access.ts';
import { actOf, type Draft, emit, patch } from '../decision/draft.ts';
import { cancelTasks } from './tasks.ts';

export function finish(draft: Draft): void {
  const { dossier, now, world } = draft;
  const { dueAt, urgency } = dossier;
  const calendar = world.calendars.of(dossier.intake.agencyId);
  close(draft, { finishedAt: now });
  emit(draft, 'lienthong.casework.v1.DossierFinished', {
    finishedAt: new Date(now),
    results: draft.dossier.results,
    // While paused there is no deadline; whoever was late before stays late.
    late: dueAt === null ? urgency >= Urgency.OVERDUE : now > dueAt,
    early: dueAt !== null && workingDaysBetween(calendar, now, dueAt) > 0,
  });
}

/** Form 03. */
export function refuseDossier(draft: Draft, reason: string): void {
  const acts = { ...draft.dossier.acts, refused: actOf(draft) };
  close(draft, { refusedAt: draft.now, reason, acts });
  emit(draft, 'lienthong.casework.v1.DossierRefused', { at: new Date(draft.now) });
}

export function withdrawDossier(draft: Draft, reason: string): void {
  close(draft, { withdrawnAt: draft.now, reason });
  emit(draft, 'lienthong.casework.v1.DossierWithdrawn', {
    at: new Date(draft.now),
    notAwaited: isPlatform(draft.caller),
  });
}

function close(draft: Draft, how: Parameters<typeof patch>[1]): void {
  cancelTasks(draft, () => true);
  const { position } = draft.dossier;
  patch(draft, { ...how, pause: null, position: position && { ...position, open: [], joins: {} } });
}
