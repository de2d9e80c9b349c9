import { type Draft, patch, setClock } from '../decision/draft.ts';
import type { Pause } from '../dossier/state.ts';
import { setTaskClock } from '../work/tasks.ts';
import { happened } from './clock.ts';

/** Statuses 5, 6 and 8: nobody's time runs. */
export function pauseAll(draft: Draft, pause: Omit<Pause, 'since'>): void {
  patch(draft, { pause: { ...pause, since: draft.now } });
  happen(draft, () => 'pause');
}

export function resumeAll(draft: Draft): void {
  patch(draft, { pause: null });
  happen(draft, () => 'resume');
}

/** A completed supplement: the legal clock and the leading step start from zero, the others go on. */
export function restartAll(draft: Draft): void {
  patch(draft, { pause: null });
  happen(draft, (leads) => (leads ? 'restart' : 'resume'));
}

/** @param type what happens to a clock; the dossier's own leads */
function happen(draft: Draft, type: (leads: boolean) => Parameters<typeof happened>[1]): void {
  const { now } = draft;
  const { clock, open } = draft.dossier;
  if (clock) setClock(draft, happened(clock, type(true), now));
  for (const task of open)
    if (task.clock) setTaskClock(draft, task, happened(task.clock, type(task.lead), now));
}
