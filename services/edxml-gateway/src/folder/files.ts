import { mkdir, open, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';

/** What a system has in its folder. */
export type FolderName = 'in' | 'work' | 'done' | 'failed' | 'out' | 'state';

export const pathIn = ({ folder }: { folder: string }, name: FolderName, file: string): string =>
  join(folder, name, file);

export async function makeFolders(
  { folder }: { folder: string },
  names: readonly FolderName[],
): Promise<void> {
  for (const name of names) await mkdir(join(folder, name), { recursive: true });
}

/** Packages by name. What begins with a dot or ends with .tmp or .part is still being written. */
export async function listPackages({ folder }: { folder: string }, name: FolderName): Promise<string[]> {
  const entries = await readdir(join(folder, name), { withFileTypes: true });
  return entries
    .flatMap((one) => (one.isFile() && !/^\.|\.(tmp|part)$/i.test(one.name) ? [one.name] : []))
    .sort();
}

/** Writes a file that is there whole or not at all, also after a power cut. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const part = `${path}.part`;
  const file = await open(part, 'w');
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(part, path);
}
