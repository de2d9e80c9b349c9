/** Builds the application for staff into `dist`, unless its sources are those of the last build. */
import { createHash } from 'node:crypto';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build, type Plugin, transformWithOxc } from 'vite';
import { compileTexts } from './compile-texts.ts';

// React's messages for developers stay out, also of what a test builds.
process.env.NODE_ENV = 'production';
const app = import.meta.dirname;
const out = join(app, 'dist');
/** Modules that the page needs before it shows anything. */
const first = new Set<string>();
const findFirst: Plugin = {
  name: 'find-first',
  buildEnd() {
    for (const id of this.getModuleIds()) if (this.getModuleInfo(id)?.isEntry) first.add(id);
    for (const id of first)
      for (const imported of this.getModuleInfo(id)?.importedIds ?? []) first.add(imported);
  },
};
/** Smaller ones gain nothing by it. */
const LEAST_BYTES = 512;

const inputs = digestOf([
  'src/**/*.*',
  'worker/*.ts',
  '../src/first/*.ts',
  'index.html',
  'icon.svg',
  '*.ts',
  '../package.json',
]);
if (read(join(out, '.inputs.sha256')) !== inputs) {
  console.log('building the console’s pages for staff');
  await build({
    root: app,
    base: '/lam-viec/',
    logLevel: 'warn',
    configFile: false,
    plugins: [compileTexts, findFirst],
    // Texts are compiled: nothing in the browser reads ICU.
    resolve: {
      alias: { '@formatjs/icu-messageformat-parser': '@formatjs/icu-messageformat-parser/no-parser.js' },
    },
    // The policy of the pages takes scripts and styles from files alone.
    build: {
      outDir: out,
      emptyOutDir: true,
      assetsInlineLimit: 0,
      target: ['chrome111', 'firefox114', 'safari16.4'],
      modulePreload: { polyfill: false },
      rolldownOptions: {
        // One file: on a slow line each further one costs a round trip.
        output: {
          codeSplitting: {
            includeDependenciesRecursively: false,
            groups: [{ name: 'first', test: (id) => first.has(id) }],
          },
        },
        // Libraries say "use client" to servers that render; there is none here.
        onLog(level, log, handler) {
          if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handler(level, log);
        },
      },
    },
    oxc: { jsx: { runtime: 'automatic' } },
  });
  await writeWorker();
  for (const name of globSync('**/*.{html,js,css,svg}', { cwd: out })) compress(join(out, name));
  writeFileSync(join(out, '.inputs.sha256'), inputs);
}

/** The worker with the names of what it keeps. */
async function writeWorker(): Promise<void> {
  const files = globSync('assets/*', { cwd: out, exclude: ['**/*.{br,gz}'] })
    .sort()
    .map((name) => `/lam-viec/${name}`);
  const names = `const SHELL_FILES = ${JSON.stringify(files)};\nconst SHELL_VERSION = ${JSON.stringify(inputs)};\n`;
  const { code } = await transformWithOxc(readFileSync(join(app, 'worker/worker.ts'), 'utf8'), 'worker.ts');
  writeFileSync(join(out, 'worker.js'), `${names}${code}`);
}

function compress(file: string): void {
  const bytes = readFileSync(file);
  if (bytes.length < LEAST_BYTES) return;
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params }));
  writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
}

function digestOf(patterns: readonly string[]): string {
  const digest = createHash('sha256');
  for (const name of patterns.flatMap((pattern) => globSync(pattern, { cwd: app })).sort())
    digest.update(name).update(readFileSync(join(app, name)));
  return digest.digest('hex');
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
