export type { Content, LoggedEntry } from './entry.ts';
export { type ExportVerification, type VerifiedExport, verifyExport } from './export/verify.ts';
export { EXPORT_FORMAT, type ExportRange, exportHeader, exportLine } from './export/write.ts';
export { Fault, type FaultReason } from './fault.ts';
export {
  type AuditRecord,
  canonicalBytes,
  commit,
  createSalt,
  entryOf,
  type RecordKind,
  SALT_BYTES,
} from './record.ts';
