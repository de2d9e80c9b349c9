import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { childEnvironment } from '../config.ts';

const run = promisify(execFile);

/** tar.gz by every tar; zip by the bsdtar that Windows and macOS ship. */
export async function extract(archive: string, dir: string): Promise<void> {
  await run('tar', ['-xf', archive, '-C', dir], { env: childEnvironment() });
}
