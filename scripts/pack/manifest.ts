/** package.json, as far as packing reads it. */
export interface Manifest {
  name: string;
  version: string;
  private?: boolean;
  bin?: Readonly<Record<string, string>>;
  exports?: Readonly<Record<string, string>>;
  dependencies?: Readonly<Record<string, string>>;
  devDependencies?: Readonly<Record<string, string>>;
  /** What `npm publish` reads; only packages that others install have it. */
  publishConfig?: object;
  [other: string]: unknown;
}

export interface Installed {
  /** What the built files import, by name. */
  dependencies: Readonly<Record<string, string>>;
  /** Where the sources are published, as npm's provenance compares it with the build; absent: not stated. */
  repository?: { url: string; directory: string };
}

/**
 * The package.json of a package as others install it: built files in place of sources, without what only the workspace
 * needs. A command (`bin`) is a program, and exports nothing.
 */
export function installedManifest(source: Manifest, { dependencies, repository }: Installed): Manifest {
  const { private: _private, devDependencies: _dev, bin, exports = {}, ...kept } = source;
  return {
    ...kept,
    ...(bin
      ? { bin: mapped(bin, builtFile) }
      : { exports: { ...mapped(exports, entryOf), './package.json': './package.json' } }),
    dependencies,
    ...(repository && { repository: { type: 'git', ...repository } }),
  } as Manifest;
}

const entryOf = (file: string) => ({
  types: builtFile(file).replace(/\.js$/, '.d.ts'),
  default: builtFile(file),
});

const builtFile = (file: string): string => file.replace('./src/', './dist/').replace(/\.ts$/, '.js');

const mapped = <T>(entries: Readonly<Record<string, string>>, to: (file: string) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, to(file)]));

/** The package that an import names: `a/b` is of `a`, `@s/a/b` of `@s/a`. */
export const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
