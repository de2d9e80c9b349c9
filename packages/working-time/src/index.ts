export {
  add,
  addCalendarDays,
  addDays,
  addHours,
  calendarDaysBetween,
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
  uncertainYears,
} from './clock.ts';
export { DEFAULT_HOURS, RECEPTION_CUTOFFS, VIETNAM } from './data/vietnam.ts';
export { VIETNAM_YEARS } from './data/years.ts';
export { calendarDays, type Duration, days, HALF_DAY_MS, halfDays, hours, minutes } from './duration.ts';
export { type Explanation, explainDeadline } from './explain/explain.ts';
export type { Line, LineKind } from './explain/line.ts';
export { daysOffByLaw } from './law/holidays.ts';
export { OutsideCalendarError, type Problem, type Refusal, type Result } from './result.ts';
export { HOUR_MS, isDate, MINUTE_MS, WEEKDAYS, type Weekday } from './time.ts';
export { vietnamCalendar } from './vietnam-calendar.ts';
export {
  dateInEnglish,
  dateInFigures,
  dateInFull,
  dateInSentence,
  dateInWords,
  dayInFigures,
  dayInSentence,
  dayInWords,
  dayOf,
  momentInSentence,
  momentInWords,
  PROVISIONAL,
  timeInFigures,
  timeInWords,
  weekdayInEnglish,
} from './words/dates.ts';
export { durationText, momentText } from './words/explanations.ts';
