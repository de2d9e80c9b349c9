export { DOCUMENT_TYPES, onlyTypes } from './checks/content-type.ts';
export { httpScanner, type Scanner } from './checks/scanner.ts';
export {
  createFileStore,
  type DownloadMessage,
  type FileStore,
  fileStoreMigrations,
  MAX_FILE_BYTES,
  rangeFields,
} from './file-store.ts';
export { digestOf, FILE_COLUMNS, findFile, findFiles, type StoredFile } from './files/files.ts';
export { addUses, endUses, type FileUse, lockFiles } from './files/uses.ts';
export {
  type ContentHeader,
  contentHeader,
  MAX_UPLOAD_MESSAGE_BYTES,
  type UploadMessage,
} from './upload/receive.ts';
export { type UploadSlots, uploadSlots } from './upload/slots.ts';
