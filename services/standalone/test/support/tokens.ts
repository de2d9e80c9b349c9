import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'vitest';

const script = join(import.meta.dirname, '../../src/token.ts');

/** Runs `npm run token` with these arguments, for the platform of the data folder that listens on the address. */
export const runToken = (dataDir: string, address: string, ...args: readonly string[]) =>
  spawnSync(process.execPath, [script, ...args], {
    env: { ...process.env, LIENTHONG_DATA: dataDir, LISTEN: address, METRICS_LISTEN: 'off' },
    encoding: 'utf8',
  });

/** A token as the output of `npm start` says how to get it under this name. */
export function tokenAsPrinted(output: string, dataDir: string, name: string): string {
  const address = /gRPC\s+(\S+)/.exec(output)?.[1];
  const command = `export ${name}=\\$\\((?:LIENTHONG_DATA=\\S+ )?npm run -s token -- (.*)\\)`;
  const args = new RegExp(command).exec(output)?.[1];
  if (address === undefined || args === undefined) return expect.fail(`no ${name} in:\n${output}`);
  const { stdout, stderr } = runToken(dataDir, address, ...args.split(' '));
  return stdout.trim() || expect.fail(stderr);
}
