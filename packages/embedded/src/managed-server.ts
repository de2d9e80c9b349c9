import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { attach, type Dependant, detach } from './exit-hooks.ts';
import { freePort } from './free-port.ts';
import { guard } from './guard.ts';
import { releaseOwnership, takeOwnership } from './owner-lock.ts';
import { childrenOf, signal, terminate, waitForExit } from './processes.ts';
import type { SystemUser } from './system-user.ts';

/** A server process that this process started and must end. */
export interface ManagedServer {
  /** The process id of the last start. */
  pid(): number;
  readonly port: number;
  readonly dataDir: string;
  /** False once the process has ended for any reason. A paused server counts as running. */
  running(): boolean;
  /**
   * Signals the server and all its processes. Resolves after they ended for SIGKILL and SIGTERM, at once
   * for SIGSTOP and SIGCONT.
   */
  kill(signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'): Promise<void>;
  /** Stops the server if it runs and starts it on the same port and data. */
  restart(): Promise<void>;
  /** The server reads its configuration and certificate again; connections go on. */
  reload(): void;
  /** Clean shutdown; idempotent. */
  stop(): Promise<void>;
  /** Deletes the data of a stopped or killed server: its disk is lost. `restart` then starts it empty. */
  wipe(): Promise<void>;
}

/** The differences between PostgreSQL and nats-server. */
export interface ServerKind {
  label: string;
  /** The setting that chooses another port; the message about a taken port names it. */
  portSetting: string;
  /** Real path. Holds the log and the owner's lock; the data is below. */
  dir: string;
  command: string;
  args: (port: number) => string[];
  env: Record<string, string | undefined>;
  user?: SystemUser;
  /** The signal that means a clean and prompt stop. */
  stopSignal: 'SIGINT' | 'SIGTERM';
  stopGraceMs: number;
  /** Creates data and configuration; runs before every start. */
  prepare: (port: number) => Promise<void>;
  /** Process id of a server that a dead parent left on this data. */
  orphan: () => number | undefined;
  /** Called repeatedly after the start until it returns true. */
  ready: (pid: number, port: number) => Promise<boolean>;
  /** Runs after every start. */
  started: (port: number) => Promise<void>;
  /** What the log of a failed start means: another port helps, waiting helps, or nothing. */
  diagnose: (log: string) => 'port' | 'wait' | 'fatal';
  /** Runs before the server is made to read its configuration again. */
  reload: () => void;
  wipe: () => Promise<void>;
}

/** PostgreSQL may replay up to max_wal_size of log after a crash before it accepts connections. */
const START_LIMIT_MS = 300_000;
const RETRY_LIMIT_MS = 30_000;

class StartFailure extends Error {
  readonly remedy: 'port' | 'wait' | 'fatal';
  constructor(kind: ServerKind, message: string, log: string) {
    super(`${kind.label} did not start: ${message}\n${log.split('\n').slice(-20).join('\n')}`);
    this.remedy = kind.diagnose(log);
  }
}

const ended = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;

/** The server writes to a file, not to a pipe of this process: it must not fail when this process dies. */
function openLog(dir: string): { fd: number; read: () => string } {
  const path = join(dir, 'server.log');
  if (existsSync(path)) renameSync(path, `${path}.1`);
  return { fd: openSync(path, 'a', 0o600), read: () => readFileSync(path, 'utf8') };
}

async function launch(kind: ServerKind, port: number): Promise<ChildProcess> {
  await kind.prepare(port);
  const log = openLog(kind.dir);
  const child = spawn(kind.command, kind.args(port), {
    cwd: kind.dir,
    env: kind.env,
    uid: kind.user?.uid,
    gid: kind.user?.gid,
    stdio: ['ignore', log.fd, log.fd],
    // A session of its own: Ctrl-C in a terminal reaches only this process, which stops the servers in order.
    detached: true,
    windowsHide: true,
  });
  closeSync(log.fd);
  await once(child, 'spawn');
  const pid = child.pid as number;
  guard(child, kind.stopSignal);
  try {
    const deadline = Date.now() + START_LIMIT_MS;
    while (!(await kind.ready(pid, port))) {
      if (ended(child))
        throw new StartFailure(
          kind,
          `the process ended with ${child.exitCode ?? child.signalCode}`,
          log.read(),
        );
      if (Date.now() > deadline)
        throw new StartFailure(kind, `not ready after ${START_LIMIT_MS} ms`, log.read());
      await sleep(10);
    }
    await kind.started(port);
  } catch (error) {
    await terminate(pid, kind.stopSignal, kind.stopGraceMs);
    throw error;
  }
  child.unref();
  return child;
}

/** Retries the start while that may help; `nextPort` gives the port of the next attempt. */
async function launchPatiently(kind: ServerKind, nextPort: (taken: boolean) => Promise<number>) {
  const deadline = Date.now() + RETRY_LIMIT_MS;
  for (let port = await nextPort(false); ; ) {
    try {
      return { child: await launch(kind, port), port };
    } catch (error) {
      const remedy = error instanceof StartFailure ? error.remedy : 'fatal';
      if (remedy === 'fatal' || Date.now() > deadline) throw error;
      if (remedy === 'port') port = await nextPort(true);
      await sleep(100);
    }
  }
}

/** Starts the server on `port`; 0 picks a free one. Throws when the port is taken. */
export async function startServer(
  kind: ServerKind,
  port: number,
  progress: (line: string) => void,
): Promise<ManagedServer> {
  const fixedPort = async (taken: boolean) => {
    if (!taken) return port;
    throw new Error(
      `${kind.label} did not start: port ${port} on 127.0.0.1 is taken; stop the program that uses it, ` +
        `or choose another port with ${kind.portSetting} (0 picks a free one)`,
    );
  };
  takeOwnership(kind.dir);
  try {
    await stopOrphan(kind, progress);
    const first = await launchPatiently(kind, port === 0 ? freePort : fixedPort);
    return manage(kind, first.child, first.port);
  } catch (error) {
    releaseOwnership(kind.dir);
    throw error;
  }
}

export async function stopOrphan(
  kind: Pick<ServerKind, 'orphan' | 'label' | 'stopSignal' | 'stopGraceMs'>,
  progress: (line: string) => void,
): Promise<void> {
  const orphan = kind.orphan();
  if (orphan === undefined) return;
  progress(`stopping ${kind.label} (process ${orphan}), left by an earlier run that was killed`);
  await terminate(orphan, kind.stopSignal, kind.stopGraceMs);
}

function manage(kind: ServerKind, firstChild: ChildProcess, port: number): ManagedServer {
  let child = firstChild;
  let owned = true;
  const pid = () => child.pid as number;
  const dependant: Dependant = { stop: () => server.stop() };
  attach(dependant);

  const halt = async () => {
    if (ended(child)) return;
    await terminate(pid(), kind.stopSignal, kind.stopGraceMs);
    await exit(child);
  };
  const server: ManagedServer = {
    pid,
    port,
    dataDir: kind.dir,
    running: () => !ended(child),
    async kill(name) {
      const family = [pid(), ...childrenOf(pid())];
      if (ended(child)) return;
      for (const member of family) signal(member, name);
      if (name === 'SIGSTOP' || name === 'SIGCONT') return;
      if (!(await waitForExit(family, kind.stopGraceMs))) {
        throw new Error(`${kind.label} (process ${pid()}) still runs ${kind.stopGraceMs} ms after ${name}`);
      }
      await exit(child);
    },
    async restart() {
      await halt();
      if (!owned) takeOwnership(kind.dir);
      owned = true;
      attach(dependant);
      child = (await launchPatiently(kind, async () => port)).child;
    },
    reload() {
      if (ended(child)) return;
      kind.reload();
      signal(pid(), 'SIGHUP');
    },
    async stop() {
      await halt();
      detach(dependant);
      if (owned) releaseOwnership(kind.dir);
      owned = false;
    },
    async wipe() {
      if (!ended(child)) throw new Error(`${kind.label} runs: stop or kill it before deleting its data`);
      await kind.wipe();
    },
  };
  return server;
}

async function exit(child: ChildProcess): Promise<void> {
  child.ref();
  if (!ended(child)) await once(child, 'exit');
}
