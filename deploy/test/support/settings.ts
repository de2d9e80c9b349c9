import { globSync } from 'node:fs';
import { read, root } from './compose-file.ts';

/** The names that the sources declare in schemas of settings. */
export const settings: ReadonlySet<string> = new Set(
  globSync(['{packages,services}/*/src/**/*.ts', 'deploy/telemetry/watch.ts'], { cwd: root })
    .filter((file) => !file.endsWith('.test.ts') && !file.includes('/gen/'))
    .flatMap((file) => [...read(file).matchAll(/^ {2,4}([A-Z][A-Z0-9_]+): /gm)].map(([, name = '']) => name)),
);
