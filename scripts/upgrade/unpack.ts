import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { git, root } from './git.ts';

const GENERATED = 'packages/contracts/src/gen';

/**
 * Writes the sources of a commit into an empty folder, ready to run: with contracts of its own, and with the libraries
 * that are installed here. Returns the folder; undefined when this clone does not have the commit.
 */
export function unpack(commit: string, folder: string): URL | undefined {
  let archive: Buffer;
  try {
    archive = git('archive', '--format=tar', commit);
  } catch {
    return undefined;
  }
  execFileSync('tar', ['-x', '-C', folder], { input: archive });
  linkModules(folder);
  // Of the same protos they are up to date, and generated no more.
  cpSync(join(root, GENERATED), join(folder, GENERATED), { recursive: true });
  execFileSync(process.execPath, ['scripts/generate.ts'], { cwd: folder, stdio: 'pipe' });
  return pathToFileURL(`${folder}/`);
}

/** Libraries are links to those of this folder; workspaces are those of the commit. */
function linkModules(folder: string): void {
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '@lienthong'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules')))
    if (name !== '@lienthong') symlinkSync(join(root, 'node_modules', name), join(modules, name));
  for (const file of globSync('{packages,services}/*/package.json', { cwd: folder })) {
    const { name } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    symlinkSync(join(folder, dirname(file)), join(modules, name));
    // Libraries that a workspace has in a version of its own.
    const own = join(dirname(file), 'node_modules');
    if (existsSync(join(root, own))) symlinkSync(join(root, own), join(folder, own));
  }
}
