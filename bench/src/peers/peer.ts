import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { STEPS } from '../procedure.ts';
import { type CommandFigures, measureCommands } from '../scenarios/commands.ts';

/** Another program that carries out durable commands. */
export interface Peer {
  /** With its version. */
  name: string;
  /** Where it takes a command as a POST; its reply stands for a command that a crash cannot undo. */
  urlOf(caseId: string, command: 'open' | 'complete'): URL;
  stop(): Promise<void>;
}

/** Exact, so that figures can be compared. */
const PACKAGES = {
  '@restatedev/restate-server': '1.7.12',
  '@restatedev/restate-sdk': '1.17.2',
  '@dbos-inc/dbos-sdk': '5.3.0',
} as const;

export const versionOf = (name: keyof typeof PACKAGES): string => PACKAGES[name];

/** Outside the project's own modules: who does not compare gets none of it. */
const FOLDER = new URL('../../../node_modules/.cache/lienthong-peers/', import.meta.url);

/** Installs the peers' packages from npm, once. Returns the file that their modules are resolved from. */
export async function installPeers(): Promise<string> {
  const manifest = fileURLToPath(new URL('package.json', FOLDER));
  await mkdir(FOLDER, { recursive: true });
  await writeFile(manifest, JSON.stringify({ private: true, dependencies: PACKAGES }));
  await promisify(execFile)('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], {
    cwd: fileURLToPath(FOLDER),
    shell: process.platform === 'win32',
  });
  return manifest;
}

/** What the platform's dossier of the bench does, on a peer: the case is opened, and its steps completed. */
export async function peerCommands(peer: Peer, callers: number, seconds: number): Promise<CommandFigures> {
  const agent = new Agent({ keepAlive: true, maxSockets: callers });
  const post = (caseId: string, command: 'open' | 'complete', body: object) =>
    new Promise<void>((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() };
      const call = request(peer.urlOf(caseId, command), { method: 'POST', agent, headers }, (response) => {
        response.resume();
        response.once('end', () =>
          response.statusCode === 200
            ? resolve()
            : reject(new Error(`${peer.name} answered ${command} with ${response.statusCode}`)),
        );
      });
      call.once('error', reject);
      call.end(JSON.stringify(body));
    });
  const wholeCase = async (lap: () => void) => {
    const caseId = crypto.randomUUID();
    await post(caseId, 'open', { applicant: 'Nguyễn Thị Ánh Nguyệt' });
    lap();
    for (let task = 1; task <= STEPS; task += 1) {
      await post(caseId, 'complete', { task, outcome: 'done' });
      lap();
    }
  };
  try {
    return await measureCommands(
      Array.from({ length: callers }, () => wholeCase),
      seconds,
    );
  } finally {
    agent.destroy();
  }
}
