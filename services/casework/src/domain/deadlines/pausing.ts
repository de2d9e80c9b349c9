/** What happens to all clocks of a dossier at once: they pause, go on, or start again. */
import { apply, type Edit, patch } from '../decision/draft.ts';
import type { Pause } from '../dossier/state.ts';
import { setTaskClock } from '../work/tasks.ts';
import { recordEvent } from './clock.ts';
import { setClock } from './dossier-clock.ts';

type EventType = Parameters<typeof recordEvent>[1];

/** Statuses 5, 6 and 8: no time limit runs. */
export const pauseClocks =
  (pause: Omit<Pause, 'since'>): Edit =>
  (draft) =>
    apply(
      draft,
      patch({ pause: { ...pause, since: draft.now } }),
      recordOnClocks(() => 'pause'),
    );

export const resumeClocks: Edit = (draft) =>
  apply(
    draft,
    patch({ pause: null }),
    recordOnClocks(() => 'resume'),
  );

/** After a complete supplement the legal clock and the leading step start from zero; the others go on. */
export const restartClocks: Edit = (draft) =>
  apply(
    draft,
    patch({ pause: null }),
    recordOnClocks((leads) => (leads ? 'restart' : 'resume')),
  );

/** @param typeOf what happens to a clock; the dossier's own leads */
const recordOnClocks =
  (typeOf: (leads: boolean) => EventType): Edit =>
  (draft) => {
    const { now } = draft;
    const { clock, open } = draft.dossier;
    return apply(
      draft,
      ...(clock ? [setClock(recordEvent(clock, typeOf(true), now))] : []),
      ...open.flatMap((task) =>
        task.clock ? [setTaskClock(task, recordEvent(task.clock, typeOf(task.lead), now))] : [],
      ),
    );
  };
