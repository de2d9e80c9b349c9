import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type AgencyClient, connectAgency } from '@lienthong/client';
import { type ManagedServer, type Stack, startStack } from '@lienthong/embedded';
import { type Caller, developmentIssuer } from '@lienthong/kit';
import { type Line, openLine } from '@lienthong/testkit/line';
import { type Started, startProcess } from '../process.ts';
import type { ControlName } from './controls.ts';
import { type SettleBounds, settle } from './settle.ts';

/** PostgreSQL, NATS and two processes that each run all services: one leads, the other stands by. */
export interface Cluster {
  /** The first process's address; it keeps its port after a restart. */
  address: string;
  addresses: readonly string[];
  /** Of the superuser. */
  databaseUrl: string;
  natsUrl: string;
  postgres: ManagedServer;
  nats: ManagedServer;
  processes: readonly ServiceProcess[];
  token(caller: Caller): Promise<string>;
  /** A client of the platform's administrator, the caller closes it. */
  admin(): AgencyClient;
  /** What is not published or applied at the bounds; empty: nothing. */
  behind(bounds: SettleBounds): Promise<string[]>;
  /** Waits until everything is published and applied. Rejects with what is behind at its bound. */
  settled(): Promise<void>;
  quiet(): Promise<void>;
  /** Stops everything. Rejects when something had to be killed. */
  stop(): Promise<void>;
}

export interface ServiceProcess {
  signal(signal: 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void;
  /** Waits until it has ended, and starts it again: the same program, or another one. Both are bounded. */
  restart(program?: URL): Promise<void>;
  /** Its clock is wrong by so many milliseconds from a moment later on, also after a restart. */
  moveClock(offsetMs: number): void;
  /** Its own, to each of the servers. */
  lines: { postgres: Line; nats: Line };
}

/** The root of these sources. */
export const THIS_PROGRAM = new URL('../../../', import.meta.url);
const BROKEN = fileURLToPath(new URL('broken.ts', import.meta.url));
const WITH_CLOCK = ['--import', fileURLToPath(new URL('clock.ts', import.meta.url))];

/** A broken build may never be ready. */
const BROKEN_READY_MS = 90_000;

/** Where nothing is meant to fail. */
const QUIET: SettleBounds = { stallMs: 120_000, wholeMs: 600_000 };

export interface ClusterOptions {
  /** The root of the sources that the processes run. */
  program?: URL;
  /** The processes run a build that is broken on purpose. */
  broken?: ControlName | undefined;
  /** For `settled`; by default those of a platform where nothing is meant to fail. */
  bounds?: SettleBounds;
}

export async function startCluster(
  dataDir: string,
  progress: (line: string) => void,
  { program = THIS_PROGRAM, broken, bounds = QUIET }: ClusterOptions = {},
): Promise<Cluster> {
  const stack = await startStack({ dataDir, progress });
  const started: Awaited<ReturnType<typeof serviceProcess>>[] = [];
  const stop = async () => {
    const ends = await Promise.allSettled(started.map((one) => one.stop()));
    await stack.stop();
    const failed = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as Error] : []));
    if (failed.length > 0) throw new Error(failed.map(({ message }) => message).join('; '));
  };
  try {
    for (let n = 0; n < 2; n += 1)
      started.push(
        await serviceProcess({ stack, dataDir, program, broken, clock: join(dataDir, `clock-${n}`) }),
      );
    const issuer = await developmentIssuer(dataDir);
    const addresses = started.map((one) => one.address);
    const admin = () => {
      const token = issuer.issue({ agencyId: '', officerId: 'chaos', roles: ['admin'] });
      return connectAgency({ address: addresses[0] as string, token: () => token });
    };
    const behind: Cluster['behind'] = async (bounds) => {
      const client = admin();
      return settle(() => client.operations.getStatus({}), bounds).finally(() => client.close());
    };
    const settled = async () => {
      const lines = await behind(bounds);
      if (lines.length > 0) throw new Error(`the platform does not settle: ${lines.join('; ')}`);
    };
    return {
      address: addresses[0] as string,
      addresses,
      databaseUrl: stack.databaseUrl,
      natsUrl: stack.natsUrl,
      postgres: stack.postgres as ManagedServer,
      nats: stack.nats as ManagedServer,
      processes: started,
      token: (caller) => issuer.issue(caller),
      admin,
      behind,
      settled,
      quiet: settled,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface ProcessOptions {
  stack: Stack;
  dataDir: string;
  program: URL;
  broken: ControlName | undefined;
  /** The file of its clock. */
  clock: string;
}

async function serviceProcess({ stack, dataDir, program: first, broken, clock }: ProcessOptions) {
  const moveClock = (offsetMs: number) => writeFileSync(clock, String(offsetMs));
  moveClock(0);
  const [postgres, nats] = await Promise.all([openLine(stack.databaseUrl), openLine(stack.natsUrl)]);
  const closeLines = () => Promise.all([postgres.close(), nats.close()]);
  let program = first;
  // A broken build says so: a control that did not take effect is never ready.
  const ready = broken ? /broken on purpose[\s\S]*gRPC\s+(\S+)/ : /gRPC\s+(\S+)/;
  const start = (listen: string): Promise<Started> =>
    startProcess(
      new URL('services/standalone/src/main.ts', program),
      ready,
      {
        LIENTHONG_DATA: dataDir,
        DATABASE_URL: postgres.url,
        NATS_URL: nats.url,
        LISTEN: listen,
        TLS_AT_PROXY: 'true',
        METRICS_LISTEN: 'off',
        ISSUER_LISTEN: 'off',
        TRACES_LISTEN: 'off',
        REST_LISTEN: 'off',
        LOG_LEVEL: 'fatal',
        CHAOS_CLOCK: clock,
        ...(broken && { CHAOS_BREAK: broken }),
      },
      ['--empty'],
      broken
        ? { options: [...WITH_CLOCK, '--import', BROKEN], readyMs: BROKEN_READY_MS }
        : { options: WITH_CLOCK },
    );
  let current = await start('127.0.0.1:0').catch(async (error) => {
    await closeLines();
    throw error;
  });
  const address = current.line;
  return {
    address,
    lines: { postgres, nats },
    moveClock,
    signal: (signal: NodeJS.Signals) => void process.kill(current.pid, signal),
    async restart(next = program) {
      await current.ended();
      program = next;
      current = await start(address);
    },
    stop: () => current.stop().finally(closeLines),
  };
}
