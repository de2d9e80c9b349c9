import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { developmentAuthority, findNatsServer } from '@lienthong/embedded';
import { childEnvironment, freePort } from '@lienthong/testkit';
import { openFolder } from '../../nats/folder.ts';
import { makeFiles } from '../../nats/make.ts';
import { readPlan } from '../../nats/plan.ts';
import { type Line, openLine } from './silent-line.ts';

export interface NatsServer {
  port: number;
  stop(signal?: NodeJS.Signals): Promise<void>;
  restart(): Promise<void>;
  /** Reads its configuration again. */
  reload(): void;
}

/** A hub and the leaf nodes of some agencies, with the files that deploy/nats makes; each leaf has a line of its own. */
export interface Installation {
  folder: string;
  hub: NatsServer;
  leaf(agencyId: string): NatsServer & { line: Line; file(name: string): string };
  /** What the script does, at another time or with another plan. */
  make(options?: { now?: number; revoke?: string }): string[];
  close(): Promise<void>;
}

export async function openInstallation(agencyIds: readonly string[]): Promise<Installation> {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-leaf-'));
  const authority = await developmentAuthority(join(folder, 'tls'));
  authority.close();
  writeFileSync(join(folder, 'ca.pem'), readFileSync(authority.caFile));
  const [port, leafPort] = [await freePort(), await freePort()];
  const lines = new Map<string, Line>();
  for (const agencyId of agencyIds) lines.set(agencyId, await openLine(() => leafPort));
  const servers = new Map<string, NatsServer>();

  function make({ now = Math.floor(Date.now() / 1000), revoke }: { now?: number; revoke?: string } = {}) {
    const reported: string[] = [];
    const plan = readPlan(join(folder, 'plan.json'));
    const report = (line: string) => void reported.push(line);
    makeFiles(openFolder(folder, { dryRun: false, days: plan.days, now, report }), plan, revoke);
    return reported;
  }

  const listen = `127.0.0.1:${port}`;
  const hub = { url: `tls://localhost:${leafPort}`, listen, leafListen: `127.0.0.1:${leafPort}` };
  const ports = new Map<string, number>();
  for (const agencyId of agencyIds) ports.set(agencyId, await freePort());
  const leaves = Object.fromEntries(
    [...ports].map(([id, own]) => [id, { name: id, readers: ['ho-so'], listen: `127.0.0.1:${own}` }]),
  );
  writeFileSync(join(folder, 'plan.json'), JSON.stringify({ hub, leaves }));
  make();
  mkdirSync(join(folder, 'hub/tls'), { recursive: true });
  writeFileSync(join(folder, 'hub/tls/cert.pem'), readFileSync(authority.certFile));
  writeFileSync(join(folder, 'hub/tls/key.pem'), readFileSync(authority.keyFile));
  servers.set('hub', await startServer(join(folder, 'hub'), 'hub.conf', port));
  for (const [agencyId, own] of ports) {
    const home = join(folder, 'leaves', agencyId);
    const settings = join(home, 'settings.conf');
    const { port: linePort } = lines.get(agencyId) as Line;
    writeFileSync(settings, readFileSync(settings, 'utf8').replace(`:${leafPort}`, `:${linePort}`));
    servers.set(agencyId, await startServer(home, 'leaf.conf', own));
  }
  return {
    folder,
    hub: servers.get('hub') as NatsServer,
    leaf: (agencyId) => ({
      ...(servers.get(agencyId) as NatsServer),
      line: lines.get(agencyId) as Line,
      file: (name) => join(folder, 'leaves', agencyId, name),
    }),
    make,
    async close() {
      for (const server of servers.values()) await server.stop();
      for (const line of lines.values()) await line.close();
      rmSync(folder, { recursive: true });
    },
  };
}

async function startServer(cwd: string, conf: string, port: number): Promise<NatsServer> {
  const { path } = await findNatsServer();
  let child: ChildProcess | undefined;
  const restart = async () => {
    child = spawn(path, ['-c', conf, '--log', join(cwd, 'server.log')], {
      cwd,
      env: { ...childEnvironment(), NATS_NAME: 'hub-1' },
      stdio: 'ignore',
    });
    await once(child, 'spawn');
  };
  await restart();
  return {
    port,
    restart,
    reload: () => void child?.kill('SIGHUP'),
    async stop(signal = 'SIGTERM') {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
      child.kill(signal);
      await once(child, 'exit');
    },
  };
}
