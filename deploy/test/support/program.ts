import { spawnSync } from 'node:child_process';

/** A word about why a test is skipped; undefined when the program is on this machine. */
export const whyWithout = (program: string, hint: string): string | undefined =>
  spawnSync(program, ['--version']).error === undefined
    ? undefined
    : `there is no ${program} on this machine; ${hint}`;
