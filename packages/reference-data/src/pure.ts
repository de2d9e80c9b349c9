/** What the records of agencies and years mean at a date, without the copies that a service keeps: for threads. */
export { actingAgency } from './agencies/acting.ts';
export {
  codeAt,
  DEFAULT_SCHEME,
  hasBegun,
  hasEnded,
  holdsAt,
  isThere,
  nameAt,
  type Party,
  partyAt,
  placementAt,
  tierAt,
} from './agencies/agency.ts';
export { type AgencyBook, agencyBook } from './agencies/book.ts';
export { ancestorAtTier, chainUp, parentAt, responsibleFor, upwards } from './agencies/chain.ts';
export { type CodeResolution, resolveCode } from './agencies/codes.ts';
export { hoursOf } from './agencies/office-hours.ts';
export {
  competentFor,
  type DossierAgencies,
  isOfCompetent,
  performerAt,
  receiversBetween,
} from './agencies/performer.ts';
export { capital, properName } from './agencies/proper-name.ts';
export { reachableFrom } from './agencies/reach.ts';
export type { AgencyRegister } from './agencies/register.ts';
export { currentHolder, line, mainSuccession, standsFor, standsForAll } from './agencies/succession.ts';
export { type CalendarBook, type Calendars, calendarBook } from './calendars/book.ts';
export { calendarData, shippedYear, tableOf } from './calendars/year-table.ts';
export { isInForce, type Span } from './span.ts';
