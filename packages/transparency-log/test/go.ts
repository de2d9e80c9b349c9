import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const MAX_BUFFER = 64 * 1024 * 1024;

/**
 * Builds a Go program of a module into a file.
 * @returns the file; undefined, with a word, where there is no Go or nowhere to get its packages from
 */
export async function buildGo(module: string, program: string, file: string): Promise<string | undefined> {
  try {
    await run('go', ['version']);
  } catch {
    console.log(`skipped: no Go on this machine, to build ${program} in ${module}`);
    return undefined;
  }
  try {
    await run('go', ['mod', 'download'], { cwd: module, timeout: 120_000, maxBuffer: MAX_BUFFER });
  } catch (error) {
    console.log(`skipped: the packages of ${module} cannot be downloaded: ${(error as Error).message}`);
    return undefined;
  }
  await run('go', ['build', '-mod=readonly', '-o', file, program], { cwd: module, maxBuffer: MAX_BUFFER });
  return file;
}
