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
export { type AgencyCache, agenciesConsumer, createAgencyCache, saveAgencies } from './agencies/copy.ts';
export { hoursOf } from './agencies/office-hours.ts';
export {
  competentFor,
  type DossierAgencies,
  isOfCompetent,
  performerAt,
  receiversBetween,
} from './agencies/performer.ts';
export { capital, properName } from './agencies/proper-name.ts';
export type { AgencyRegister } from './agencies/register.ts';
export { currentHolder, line, mainSuccession, standsFor, standsForAll } from './agencies/succession.ts';
export { type CalendarBook, type Calendars, calendarBook } from './calendars/book.ts';
export {
  type CalendarCache,
  calendarYearsConsumer,
  createCalendarCache,
  type DecidedYear,
  saveCalendarYears,
} from './calendars/copy.ts';
export { calendarData, shippedYear, tableOf } from './calendars/year-table.ts';
export { certified } from './certificates/certified.ts';
export { type CertificateCache, certificatesConsumer, createCertificateCache } from './certificates/copy.ts';
export { followCopies, type Refreshed } from './copy/cache.ts';
export type { Copy, Kind } from './copy/kind.ts';
export { saveCopies } from './copy/save.ts';
export { type EndedAgencyWorkerDeps, endedAgencyWorker } from './ended-agency-worker.ts';
export { referenceDataMigrations } from './migrations.ts';
export {
  createOfficerCache,
  type OfficerCache,
  officersConsumer,
  saveOfficers,
  type VersionedOfficer,
} from './officers/copy.ts';
export { callerDirectory, identify, type Registers } from './officers/identify.ts';
export { cameAlong, headOf, isPostedAt, postingAt, type Reference } from './officers/position.ts';
export { postingsOf } from './officers/postings.ts';
export { type OfficerBook, type OfficerRegister, officerBook } from './officers/register.ts';
export { createReferenceCache, type ReferenceCache } from './reference-cache.ts';
export { isInForce, type Span } from './span.ts';
