/** Builds the application for staff into `dist`, unless its sources are those of the last build. */
import { createHash } from 'node:crypto';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'vite';

// React's messages for developers stay out, also of what a test builds.
process.env.NODE_ENV = 'production';
const app = import.meta.dirname;
const out = join(app, 'dist');
/** Smaller ones gain nothing by it. */
const LEAST_BYTES = 512;

const inputs = digestOf(['src/**/*.*', 'index.html', 'icon.svg', 'build.ts', '../package.json']);
if (read(join(out, '.inputs.sha256')) !== inputs) {
  console.log('building the console’s pages for staff');
  await build({
    root: app,
    base: '/lam-viec/',
    logLevel: 'warn',
    configFile: false,
    // The policy of the pages takes scripts and styles from files alone.
    build: {
      outDir: out,
      emptyOutDir: true,
      assetsInlineLimit: 0,
      target: ['chrome111', 'firefox114', 'safari16.4'],
      modulePreload: { polyfill: false },
      rolldownOptions: {
        // Libraries say "use client" to servers that render; there is none here.
        onLog(level, log, handler) {
          if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handler(level, log);
        },
      },
    },
    oxc: { jsx: { runtime: 'automatic' } },
  });
  for (const name of globSync('**/*.{html,js,css,svg}', { cwd: out })) compress(join(out, name));
  writeFileSync(join(out, '.inputs.sha256'), inputs);
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
