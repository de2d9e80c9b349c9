export { type DocumentIdParts, documentIdParts, isOrganId } from './ids.ts';
export { instantOf, type LocalTime, localTimeOf } from './local-time.ts';
export type {
  Attachment,
  Business,
  Code,
  DocumentPackage,
  EdxmlPackage,
  Organization,
  OtherInfo,
  Receiver,
  ReplacementInfo,
  ResponseFor,
  StaffInfo,
  StatusPackage,
  TraceHeader,
} from './package.ts';
export type { Finding, Leniency, Violation } from './read/findings.ts';
export { type PackageLimits, PackageReader, type ReadResult, readPackage } from './read/reader.ts';
export { PackageNotWritable, writePackage } from './write.ts';
