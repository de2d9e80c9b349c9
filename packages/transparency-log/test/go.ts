import { execFileSync, spawnSync } from 'node:child_process';

/**
 * Builds a Go program of a module into a file.
 * @returns the file; undefined, with a word, where there is no Go or nowhere to get its packages from
 */
export function buildGo(module: string, program: string, file: string): string | undefined {
  if (spawnSync('go', ['version']).status !== 0) {
    console.log(`skipped: no Go on this machine, to build ${program} in ${module}`);
    return undefined;
  }
  const download = spawnSync('go', ['mod', 'download'], { cwd: module, timeout: 120_000, encoding: 'utf8' });
  if (download.status !== 0) {
    console.log(`skipped: the packages of ${module} cannot be downloaded: ${download.stderr}`);
    return undefined;
  }
  execFileSync('go', ['build', '-mod=readonly', '-o', file, program], { cwd: module });
  return file;
}
