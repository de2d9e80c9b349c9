import type { CommandModel } from '@lienthong/eventlog';
import {
  type CalendarState,
  type DecidedYear,
  type DecideYear,
  decideYear,
  evolveYears,
} from '../domain/calendar.ts';
import { lockYears, readYears, writeYears } from './calendar-years.ts';

export function calendarModel(): CommandModel<DecideYear, CalendarState, unknown, DecidedYear> {
  return {
    async load(tx) {
      lockYears(tx);
      const decided = await readYears(tx);
      return new Map(decided.map((one) => [one.year.year, one]));
    },
    decide: decideYear,
    evolve: evolveYears,
    project(tx, changes) {
      const years = new Map(changes.map((decided) => [decided.id, decided]));
      writeYears(tx, [...years.values()]);
    },
  };
}
