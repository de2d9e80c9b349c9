export {
  type AuditRecord,
  canonicalBytes,
  commit,
  createSalt,
  entryOf,
  type RecordKind,
  SALT_BYTES,
} from './record.ts';
