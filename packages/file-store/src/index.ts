export {
  createFileStore,
  type DownloadMessage,
  type FileStore,
  fileStoreMigrations,
  MAX_FILE_BYTES,
  rangeFields,
} from './file-store.ts';
export { digestOf, FILE_COLUMNS, findFile, type StoredFile } from './files/files.ts';
export { addUses, endUses, type FileUse, lockFiles } from './files/uses.ts';
export { contentHeader, MAX_UPLOAD_MESSAGE_BYTES, type UploadMessage } from './upload/receive.ts';
