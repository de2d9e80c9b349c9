import { randomUUID } from 'node:crypto';
import { HttpRefusal } from '../problem.ts';
import { type Upload, uploadUnknown } from './upload.ts';

/** How long an upload waits for its caller, and a finished one shows its reply. */
export const IDLE_MS = 5 * 60_000;
const MAX_UPLOADS = 1_000;

/** The uploads of this process, by the last part of their address. */
export interface UploadStore {
  add(upload: Upload): string;
  /** Refuses: UPLOAD_UNKNOWN. */
  find(id: string, owner: string): Upload;
  remove(id: string): void;
  /** Begins the idle time of an upload again. */
  touch(id: string): void;
  /** Refuses what would be one too many: SERVER_BUSY. */
  requireRoom(): void;
  close(): void;
}

export function createUploadStore(idleMs = IDLE_MS): UploadStore {
  const uploads = new Map<string, { upload: Upload; timer: NodeJS.Timeout }>();

  function remove(id: string): void {
    const entry = uploads.get(id);
    if (entry === undefined) return;
    clearTimeout(entry.timer);
    uploads.delete(id);
    entry.upload.cancel();
  }

  return {
    remove,
    add(upload) {
      const id = randomUUID();
      uploads.set(id, { upload, timer: setTimeout(() => remove(id), idleMs).unref() });
      return id;
    },
    find(id, owner) {
      const upload = uploads.get(id)?.upload;
      return upload?.isOf(owner) ? upload : uploadUnknown();
    },
    touch: (id) => void uploads.get(id)?.timer.refresh(),
    requireRoom() {
      if (uploads.size >= MAX_UPLOADS)
        throw new HttpRefusal(503, {
          kind: 'resource-exhausted',
          reason: 'SERVER_BUSY',
          message: 'as many uploads are under way as may be; begin again in a moment',
          retryAfterMs: 5_000,
        });
    },
    close() {
      for (const id of [...uploads.keys()]) remove(id);
    },
  };
}
