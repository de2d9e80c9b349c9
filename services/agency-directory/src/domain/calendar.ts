import { CalendarYear } from '@lienthong/contracts/directory';
import type { Decision, NewEvent } from '@lienthong/eventlog';
import { type FieldViolation, failure, invalid, type Refusal, type Result, success } from '@lienthong/kit';
import { calendarData } from '@lienthong/reference-data';
import { buildCalendar, type CalendarData } from '@lienthong/working-time';
import { MAX_VIOLATIONS } from './problem.ts';

/** Decides one year's table as a whole. */
export interface DecideYear {
  /** The aggregate's id when the year is decided for the first time. */
  newId: string;
  year: Pick<CalendarYear, 'year' | 'days' | 'legalBasis'>;
  /** The version of the decision that this one replaces; 0 for a year that has none. */
  amendsVersion: bigint;
  reply: (year: CalendarYear) => unknown;
}

export interface DecidedYear {
  id: string;
  year: CalendarYear;
}

/** All decided years, by year. */
export type CalendarState = ReadonlyMap<number, DecidedYear>;

/**
 * A year is decided when a calendar can be built with it and every other year as it stands: a day worked in one year
 * may make up for a day off in the next. The decision in force, given again, changes nothing.
 *
 * Refuses: YEAR_ALREADY_DECIDED, YEAR_NOT_DECIDED, and by field what is wrong with the days.
 */
export function decideYear(
  command: DecideYear,
  state: CalendarState,
): Result<Decision<unknown, DecidedYear>> {
  const before = state.get(command.year.year);
  const current = before?.year.version ?? 0n;
  if (before !== undefined && isSame(before.year, command.year))
    return success({ events: [], reply: command.reply(before.year), change: before });
  if (command.amendsVersion !== current) return failure(notTheDecisionInForce(command, before?.year));
  const version = current + 1n;
  const year = CalendarYear.fromPartial({ ...command.year, version });
  const violations = problemsOf(year, state);
  if (violations.length > 0) return failure(invalid(violations.slice(0, MAX_VIOLATIONS)));
  const id = before?.id ?? command.newId;
  const event: NewEvent = {
    type: 'lienthong.directory.v1.CalendarYearDecided',
    payload: { year },
    aggregateId: id,
    version: Number(version),
    agencyCode: '',
    agencyId: '',
  };
  return success({ events: [event], reply: command.reply(year), change: { id, year } });
}

const isSame = (before: CalendarYear, { days, legalBasis }: DecideYear['year']): boolean => {
  const bytes = (year: Pick<CalendarYear, 'days' | 'legalBasis'>) =>
    CalendarYear.encode(CalendarYear.fromPartial({ days: year.days, legalBasis: year.legalBasis })).finish();
  return Buffer.compare(bytes(before), bytes({ days, legalBasis })) === 0;
};

/** Two decisions of one year: the second is meant as an amendment only when it names the first. */
function notTheDecisionInForce({ year: { year } }: DecideYear, inForce: CalendarYear | undefined): Refusal {
  const [reason, description] =
    inForce === undefined
      ? ['YEAR_NOT_DECIDED', `${year} has no decision to amend; give 0`]
      : [
          'YEAR_ALREADY_DECIDED',
          `${year} was decided in version ${inForce.version} (${inForce.legalBasis}); to amend it, give that version`,
        ];
  return {
    kind: 'failed-precondition',
    reason,
    message: description,
    violations: [{ field: 'amends_version', reason, description }],
  };
}

/** There are a handful of years: a copy costs little. */
export const evolveYears = (state: CalendarState, decided: DecidedYear): CalendarState =>
  new Map(state).set(decided.year.year, decided);

function problemsOf(year: CalendarYear, state: CalendarState): FieldViolation[] {
  const others = [...state.values()].map((decided) => decided.year);
  const data = calendarData([...others, year]);
  const built = buildCalendar(data);
  return built.ok ? [] : (built.refusal.violations ?? []).map((one) => inRequest(one, year, data));
}

const PLACE = /years\[(\d+)\](?:\.overrides\[(\d+)\])?(?:\.(\w+))?/g;

/** The same problem with the fields of the request: override i of the year's table is `days[i]`. */
function inRequest(
  { field, description, reason }: FieldViolation,
  year: CalendarYear,
  { years }: CalendarData,
): FieldViolation {
  const position = String(years.findIndex((table) => table.year === year.year));
  const nameOf = (_: string, table: string, day?: string, part?: string): string => {
    if (table !== position) return `the table of ${years[Number(table)]?.year}`;
    const of = day === undefined ? 'days' : `days[${day}]`;
    return part === undefined ? of : `${of}.${PARTS[part] ?? part}`;
  };
  const text = description.replace(PLACE, nameOf);
  const [, table] = [...field.matchAll(PLACE)][0] ?? [];
  if (table === position) return { field: field.replace(PLACE, nameOf), description: text, reason };
  // This year's table has made another year's table wrong.
  if (table !== undefined) {
    return { field: 'days', description: `${field.replace(PLACE, nameOf)}: ${text}`, reason };
  }
  return { field: 'year', description: text, reason };
}

const PARTS: Readonly<Record<string, string>> = { inPlaceOf: 'worked.instead_of' };
