import { isBuiltin } from 'node:module';
import { isAbsolute, join } from 'node:path';
import { rolldown } from 'rolldown';
import { packageOf } from './manifest.ts';
import { isPublished, type Package, ROOT } from './workspace.ts';

/**
 * Builds a command with the packages of this repository that are not published, into a folder.
 * @returns the packages that it imports when it runs, with the versions that the sources ask for
 */
export async function bundleCommand(
  { folder, manifest }: Package,
  packages: ReadonlyMap<string, Package>,
  out: string,
): Promise<Record<string, string>> {
  const isInside = (id: string) => {
    const own = packages.get(packageOf(id));
    return id.startsWith('.') || isAbsolute(id) || (own !== undefined && !isPublished(own));
  };
  const input = Object.values(manifest.bin ?? {}).map((file) => join(ROOT, folder, file));
  const build = await rolldown({
    input,
    platform: 'node',
    external: (id) => !isInside(id),
    transform: { target: 'node20' },
  });
  const { output } = await build.write({
    dir: out,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
  });
  await build.close();
  const files = new Set(output.map(({ fileName }) => fileName));
  const imported = output.flatMap((one) =>
    one.type === 'chunk' ? [...one.imports, ...one.dynamicImports] : [],
  );
  const names = imported.filter((id) => !files.has(id) && !isBuiltin(id)).map(packageOf);
  const versions = Object.assign({}, ...[...packages.values()].map((one) => one.manifest.dependencies));
  return Object.fromEntries([...new Set(names)].sort().map((name) => [name, versionOf(name, versions)]));
}

function versionOf(name: string, versions: Readonly<Record<string, string>>): string {
  const version = versions[name];
  if (version === undefined) throw new Error(`no package of this repository depends on ${name}`);
  return version;
}
