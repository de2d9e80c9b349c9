import type { CommandBus } from '@lienthong/eventlog';
import { type Clock, type Database, vietnamDate } from '@lienthong/kit';
import type { DecideYear } from '../domain/calendar.ts';
import type { Command } from '../domain/decide.ts';

/** What the handlers work with. */
export interface Directory {
  db: Database;
  clock: Clock;
  commands: CommandBus<Command, unknown>;
}

/** What the calendar's handlers work with. */
export interface CalendarDesk {
  db: Database;
  decisions: CommandBus<DecideYear, unknown>;
}

/** The date a query asks about: the one given, or today in Vietnam. */
export const dateOf = (directory: Directory, at: string): string => at || vietnamDate(directory.clock.now());
