import { buildCalendar, type Calendar } from './calendar/build.ts';
import { VIETNAM } from './data/vietnam.ts';

const built = buildCalendar(VIETNAM);
if (!built.ok) throw new Error(`the calendar of Vietnam is wrong: ${built.refusal.message}`);

/** The default office hours with the shipped tables of holidays. */
export const vietnamCalendar: Calendar = built.value;
