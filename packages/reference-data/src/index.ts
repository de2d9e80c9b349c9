export { type AgencyCache, agenciesConsumer, createAgencyCache, saveAgencies } from './agencies/copy.ts';
export {
  type CalendarCache,
  calendarYearsConsumer,
  createCalendarCache,
  type DecidedYear,
  saveCalendarYears,
} from './calendars/copy.ts';
export { certified, isForSignatures } from './certificates/certified.ts';
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
export * from './pure.ts';
export { createReferenceCache, type ReferenceCache } from './reference-cache.ts';
