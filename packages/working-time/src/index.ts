export {
  add,
  addDays,
  addHours,
  isWorking,
  nextWorkingMoment,
  startOfClock,
  subtractDays,
  workingDaysBetween,
  workingMsBetween,
} from './arithmetic.ts';
export { buildCalendar, type Calendar } from './calendar/build.ts';
export type {
  CalendarData,
  Cutoff,
  DayOff,
  DayWorked,
  FixedHoliday,
  HoursVersion,
  Override,
  Span,
  Text,
  Week,
  YearTable,
} from './calendar/data.ts';
export {
  advance,
  type Clock,
  type ClockEvent,
  type DeadlineRequest,
  deadline,
  left,
  type PausedClock,
  pause,
  type RunningClock,
  restart,
  resume,
  start,
} from './clock.ts';
export {
  DEFAULT_HOURS,
  FIXED_HOLIDAYS,
  RECEPTION_CUTOFFS,
  VIETNAM,
  VIETNAM_YEARS,
} from './data/vietnam.ts';
export { type Duration, days, hours, minutes } from './duration.ts';
export { type Explanation, explainDeadline } from './explain/explain.ts';
export type { Line, LineKind } from './explain/line.ts';
export { momentText } from './explain/words.ts';
export { OutsideCalendarError, type Problem, type Refusal, type Result } from './result.ts';
export { HOUR_MS, MINUTE_MS, WEEKDAYS, type Weekday } from './time.ts';
export { vietnamCalendar } from './vietnam-calendar.ts';
