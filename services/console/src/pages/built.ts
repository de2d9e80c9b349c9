import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

/** What `npm run build` made of the application, in memory: a few hundred kilobytes. */
export interface Built {
  /** The page that loads the application. */
  page: string;
  /** By path below the application's, such as "assets/index-4f1a.js". */
  files: ReadonlyMap<string, BuiltFile>;
}

export interface BuiltFile {
  contentType: string;
  etag: string;
  bytes: Uint8Array<ArrayBuffer>;
  /** The same compressed, by its content coding; absent where that saves nothing. */
  compressed: ReadonlyMap<Coding, Uint8Array<ArrayBuffer>>;
}

export const CODINGS = ['br', 'gzip'] as const;
export type Coding = (typeof CODINGS)[number];
const ENDINGS: Record<Coding, string> = { br: '.br', gzip: '.gz' };

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

export const BUILT_FOLDER = join(import.meta.dirname, '../../app/dist');

/** Undefined when the application has not been built there. */
export function readBuilt(folder: string): Built | undefined {
  if (!existsSync(join(folder, 'index.html'))) return undefined;
  const names = globSync('**/*', { cwd: folder }).filter((name) => TYPES[extname(name)] !== undefined);
  const files = new Map(names.map((name) => [name, readOne(folder, name)]));
  return { page: readFileSync(join(folder, 'index.html'), 'utf8'), files };
}

function readOne(folder: string, name: string): BuiltFile {
  const path = join(folder, name);
  const bytes = readFileSync(path);
  const compressed = new Map(
    CODINGS.flatMap((coding) => {
      const file = `${path}${ENDINGS[coding]}`;
      return existsSync(file) ? [[coding, readFileSync(file)] as const] : [];
    }),
  );
  const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
  return { contentType: TYPES[extname(name)] as string, etag, bytes, compressed };
}
