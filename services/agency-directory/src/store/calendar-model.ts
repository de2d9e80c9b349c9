import type { CommandModel } from '@lienthong/eventlog';
import { failure } from '@lienthong/kit';
import { refusalOf } from '../domain/authority.ts';
import {
  type CalendarState,
  type DecidedYear,
  type DecideYear,
  decideYear,
  evolveYears,
} from '../domain/calendar.ts';
import type { State } from '../domain/state.ts';
import { lockYears, readYears, writeYears } from './calendar-years.ts';
import { callersOf, readOfficers } from './officers.ts';
import { RegisterCache } from './register-cache.ts';

export function calendarModel(): CommandModel<
  DecideYear,
  State & { years: CalendarState },
  unknown,
  DecidedYear
> {
  const cache = new RegisterCache();
  return {
    async load(tx, commands) {
      lockYears(tx);
      const [register, officers, decided] = await Promise.all([
        cache.lock(tx),
        readOfficers(tx, { officerIds: callersOf(commands), agencyIds: [], codes: [] }),
        readYears(tx),
      ]);
      return { register, officers, years: new Map(decided.map((one) => [one.year.year, one])) };
    },
    decide(command, state) {
      const refusal = refusalOf(command.authority, state);
      return refusal ? failure(refusal) : decideYear(command, state.years);
    },
    evolve: (state, decided) => ({ ...state, years: evolveYears(state.years, decided) }),
    project(tx, changes) {
      const years = new Map(changes.map((decided) => [decided.id, decided]));
      writeYears(tx, [...years.values()]);
    },
  };
}
