import type { CommandModel } from '@lienthong/eventlog';
import { type CalendarState, type DecideYear, decideYear, evolveYears } from '../domain/calendar.ts';
import { lockYears, readYears, writeYears } from './calendar-years.ts';

export const calendarModel: CommandModel<DecideYear, CalendarState, unknown> = {
  async load(tx) {
    lockYears(tx);
    const decided = await readYears(tx);
    return new Map(decided.map((one) => [one.year.year, one]));
  },
  decide: decideYear,
  evolve: evolveYears,
  project(tx, events, state) {
    const changed = new Set(events.map(({ aggregateId }) => aggregateId));
    writeYears(
      tx,
      [...state.values()].filter(({ id }) => changed.has(id)),
    );
  },
};
