import { execFile } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { bundleCommand } from './bundle.ts';
import { installedManifest } from './manifest.ts';
import { isPublished, type Package, ROOT, readPackages } from './workspace.ts';

const run = promisify(execFile);

/**
 * Builds the packages that others install and packs them as npm publishes them.
 * @param out the folder of the packed files
 * @param repository the address of the sources, for packages whose provenance is to be proved
 * @returns the packed files
 * @throws when a source uses what Node 20 does not have, or what a package does not declare
 */
export async function packPackages(out: string, repository?: string): Promise<string[]> {
  const packages = readPackages();
  const published = [...packages.values()].filter(isPublished);
  const work = mkdtempSync(join(tmpdir(), 'lienthong-pack-'));
  try {
    const compiled = join(work, 'compiled');
    await compile(compiled);
    mkdirSync(out, { recursive: true });
    const files: string[] = [];
    for (const one of published) {
      const folder = join(work, one.manifest.name);
      await fill(folder, one, { packages, compiled, repository });
      const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', out], { cwd: folder });
      const [packed] = JSON.parse(stdout) as { filename: string }[];
      files.push(join(out, packed?.filename ?? ''));
    }
    return files;
  } finally {
    rmSync(work, { recursive: true });
  }
}

/** JavaScript and types of all published packages, checked for what Node 20 has. */
async function compile(out: string): Promise<void> {
  const tsc = join(ROOT, 'node_modules/.bin/tsc');
  await run(tsc, ['-p', 'tsconfig.publish.json', '--outDir', out], { cwd: ROOT }).catch(({ stdout }) => {
    throw new Error(`the published packages do not compile for Node 20:\n${stdout}`);
  });
}

interface Built {
  packages: ReadonlyMap<string, Package>;
  compiled: string;
  repository: string | undefined;
}

/** Writes a package as it is installed into a folder. */
async function fill(folder: string, one: Package, { packages, compiled, repository }: Built): Promise<void> {
  const dist = join(folder, 'dist');
  mkdirSync(dist, { recursive: true });
  let { dependencies = {} } = one.manifest;
  if (one.manifest.bin) dependencies = await bundleCommand(one, packages, dist);
  else copyLibrary(one, compiled, dist);
  const manifest = installedManifest(one.manifest, {
    dependencies,
    ...(repository && { repository: { url: repository, directory: one.folder } }),
  });
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  for (const file of ['README.md', 'CHANGELOG.md']) {
    const source = join(ROOT, one.folder, file);
    if (existsSync(source)) copyFileSync(source, join(folder, file));
  }
  copyFileSync(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'));
}

/** The compiled files, and what stands beside the sources for programs to read. */
function copyLibrary({ folder }: Package, compiled: string, dist: string): void {
  cpSync(join(compiled, folder.replace('packages/', ''), 'src'), dist, { recursive: true });
  const sources = join(ROOT, folder, 'src');
  for (const file of globSync('**/*.{binpb,json,sql}', { cwd: sources })) {
    mkdirSync(dirname(join(dist, file)), { recursive: true });
    copyFileSync(join(sources, file), join(dist, file));
  }
}
