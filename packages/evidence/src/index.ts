export { type Content, contentFault, type LoggedEntry, readEntry } from './entry.ts';
export { type ExportVerification, type VerifiedExport, verifyExport } from './export/verify.ts';
export { EXPORT_FORMAT, type ExportRange, exportHeader, exportLine } from './export/write.ts';
export { Fault, type FaultReason, faultOf } from './fault.ts';
export {
  EVIDENCE_END,
  EVIDENCE_FORMAT,
  type Evidence,
  evidenceEntry,
  evidenceFile,
  evidenceStart,
  type ProvedEntry,
  parseEvidence,
  type Subject,
  type VerifiedEvidence,
  verifyEvidence,
} from './file/file.ts';
export { type Gap, gapsOf, papersOf, type ShownPaper, type StoryLine, storyOf } from './file/story.ts';
export {
  type AuditRecord,
  canonicalBytes,
  commit,
  createSalts,
  entryOf,
  type RecordKind,
  SALT_BYTES,
} from './record.ts';
