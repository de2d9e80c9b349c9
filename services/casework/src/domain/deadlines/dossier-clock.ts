import type { Edit } from '../decision/draft.ts';
import type { ClockRecord } from '../dossier/state.ts';
import { computeDeadline } from './deadline.ts';

/** The dossier's clock runs on the calendar of the intake agency. */
export const setClock =
  (clock: ClockRecord | null): Edit =>
  (draft) => {
    const calendar = draft.world.calendars.of(draft.dossier.intake.agencyId);
    const dossier = computeDeadline({ ...draft.dossier, clock }, calendar, draft.rules, draft.now);
    return { ...draft, dossier };
  };
