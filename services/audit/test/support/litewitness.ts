import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { freePort } from '@lienthong/testkit';
import { EMPTY_ROOT } from '@lienthong/transparency-log';
import type { RunningWitness } from '@lienthong/witness';
import { expect, vi } from 'vitest';
import { buildGo } from '../../../../packages/transparency-log/test/go.ts';
import { ORIGIN } from './world.ts';

/** Filippo Valsorda's witness: the file of the program; undefined, with a word, where it cannot be had. */
export async function buildLitewitness(folder: string): Promise<string | undefined> {
  if (spawnSync('ssh-agent', ['-V']).error !== undefined) {
    console.log('skipped: no ssh-agent on this machine, which holds the key of litewitness');
    return undefined;
  }
  const module = join(import.meta.dirname, '../go');
  return buildGo(module, 'filippo.io/torchwood/cmd/litewitness', join(folder, 'litewitness'));
}

/** Runs it with a key and a state of its own; it knows the log by this verifier key. */
export async function startLitewitness(
  program: string,
  folder: string,
  logKey: string,
): Promise<RunningWitness> {
  const [keyFile, socket, state] = ['key', 'agent', 'state.db'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const ssh = (command: string, ...args: string[]) =>
    execFileSync(command, args, {
      encoding: 'utf8',
      stdio: 'pipe',
      env: { ...process.env, SSH_AUTH_SOCK: socket },
    });
  ssh('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', keyFile);
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
  await vi.waitFor(() => expect(existsSync(socket)).toBe(true), 10_000);
  ssh('ssh-add', keyFile);
  const [, fingerprint = ''] = ssh('ssh-keygen', '-lf', keyFile).split(' ');
  addLog(state, logKey);
  const address = `127.0.0.1:${await freePort()}`;
  const witness = spawn(
    program,
    [
      '-name',
      'litewitness.test/1',
      '-key',
      fingerprint,
      '-db',
      state,
      '-ssh-agent',
      socket,
      '-listen',
      address,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const verifierKey = await verifierKeyOf(witness);
  await vi.waitFor(() => fetch(`http://${address}/`), 10_000);
  return {
    verifierKey,
    address,
    async stop() {
      for (const child of [witness, agent]) {
        const gone = once(child, 'exit');
        child.kill();
        await gone;
      }
    },
  };
}

/** What its `witnessctl` does with add-log and add-key. */
function addLog(file: string, logKey: string): void {
  const state = new DatabaseSync(file);
  state.exec(
    'create table log (origin text primary key, tree_size integer not null, tree_hash text not null)',
  );
  state.exec('create table key (origin text not null references log (origin), key text not null)');
  state.prepare('insert into log values (?, 0, ?)').run(ORIGIN, EMPTY_ROOT.toString('base64'));
  state.prepare('insert into key values (?, ?)').run(ORIGIN, logKey);
  state.close();
}

/** It prints the key when it starts. */
async function verifierKeyOf(witness: ChildProcess): Promise<string> {
  const lines: string[] = [];
  if (witness.stderr === null) throw new Error('litewitness has no stderr');
  for await (const line of createInterface(witness.stderr)) {
    lines.push(line);
    const [, key] = /vkey=(\S+)/.exec(line) ?? [];
    if (key === undefined) continue;
    // Read on, or the process would wait for its reader.
    witness.stderr.resume();
    return key.replace(/^"|"$/g, '');
  }
  throw new Error(`litewitness did not start:\n${lines.join('\n')}`);
}
