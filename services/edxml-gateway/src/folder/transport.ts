import { readFile, rename, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { System } from '../system.ts';
import type { Transport, WaitingPackage } from '../transport.ts';
import { type FolderName, listPackages, makeFolders, pathIn, writeWhole } from './files.ts';

const FOLDERS: readonly FolderName[] = ['in', 'work', 'done', 'failed', 'out', 'state'];

/**
 * Exchanges packages through folders, by renames alone: one in `in` is claimed by a rename to `work`, gets its answer beside
 * it, and ends in `done` or `failed`; one for the system is renamed into `out`. What a killed process left in `work` is taken
 * first.
 */
export async function folderTransport(system: Pick<System, 'folder'>): Promise<Transport> {
  await makeFolders(system, FOLDERS);

  async function offer(name: string): Promise<WaitingPackage> {
    const claimed = pathIn(system, 'work', name);
    const { size } = await stat(claimed);
    return {
      name,
      sizeBytes: size,
      mayBeEarly: false,
      read: () => readFile(claimed),
      async answer(answer) {
        const to = answer.accepted ? 'done' : 'failed';
        await writeWhole(pathIn(system, to, `${name}.json`), `${JSON.stringify(answer, null, 2)}\n`);
        await rename(claimed, pathIn(system, to, name));
      },
    };
  }

  return {
    async *waiting() {
      for (const name of await listPackages(system, 'work')) yield offer(name);
      for (const name of await listPackages(system, 'in')) {
        await rename(pathIn(system, 'in', name), pathIn(system, 'work', name));
        yield offer(name);
      }
    },
    give: ({ path }) => rename(path, pathIn(system, 'out', basename(path))),
  };
}
