import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from './compose-file.ts';

export interface RunningWatch {
  /** host:port of its /metrics. */
  address: string;
  /** Writes what a drill writes. */
  writeDrill(text: string): void;
  stop(): Promise<void>;
}

/** Runs deploy/telemetry/watch.ts with two folders, which are on one disk. */
export async function startWatch(gateway: string): Promise<RunningWatch> {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-watch-'));
  const [disks, textfiles] = [join(folder, 'disks'), join(folder, 'textfiles')];
  for (const name of ['nats', 'postgres']) mkdirSync(join(disks, name), { recursive: true });
  mkdirSync(textfiles);
  const child = spawn(process.execPath, [join(root, 'deploy/telemetry/watch.ts')], {
    env: {
      PATH: process.env.PATH,
      METRICS_LISTEN: '127.0.0.1:0',
      WATCH_GATEWAY: gateway,
      WATCH_DISKS: disks,
      WATCH_TEXTFILES: textfiles,
    },
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let address = '';
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    lines.push(line);
    if (!line.includes('"serving"')) continue;
    address = JSON.parse(line).address;
    break;
  }
  if (address === '') throw new Error(`watch ended:\n${lines.join('\n')}`);
  return {
    address,
    writeDrill: (text) => writeFileSync(join(textfiles, 'backup-drill.prom'), text),
    async stop() {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}
