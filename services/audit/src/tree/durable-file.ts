import { randomBytes } from 'node:crypto';
import { link, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

const OWNER_ONLY = 0o600;

/** Creates a file with its folder; leaves one that is there as it is. Two processes at once keep the first one's. */
export const createFile = (file: string, content: string): Promise<void> =>
  place(file, content, (draft) =>
    link(draft, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    }),
  );

/** Replaces a file, so that a crash leaves the old content or the new one, on disk once it resolves. */
export const replaceFile = (file: string, content: string): Promise<void> =>
  place(file, content, (draft) => rename(draft, file));

async function place(file: string, content: string, put: (draft: string) => Promise<void>): Promise<void> {
  const folder = dirname(file);
  await mkdir(folder, { recursive: true });
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    const handle = await open(draft, 'wx', OWNER_ONLY);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await put(draft);
  } finally {
    await rm(draft, { force: true });
  }
  await syncFolder(folder);
}

/** Brings the names of a folder's files to disk. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
