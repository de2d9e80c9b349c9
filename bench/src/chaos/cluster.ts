import { type AgencyClient, connectAgency } from '@lienthong/client';
import { type ManagedServer, type Stack, startStack } from '@lienthong/embedded';
import { type Caller, developmentIssuer } from '@lienthong/kit';
import { type Started, startProcess } from '../process.ts';
import { settled } from '../target.ts';

/** PostgreSQL, NATS and two processes that each run all services: one leads, the other stands by. */
export interface Cluster {
  /** The first process's address; it keeps its port after a restart. */
  address: string;
  addresses: readonly string[];
  databaseUrl: string;
  natsUrl: string;
  postgres: ManagedServer;
  nats: ManagedServer;
  processes: readonly ServiceProcess[];
  token(caller: Caller): Promise<string>;
  /** A client of the platform's administrator, the caller closes it. */
  admin(): AgencyClient;
  settled(admin: AgencyClient): Promise<void>;
  quiet(): Promise<void>;
  stop(): Promise<void>;
}

export interface ServiceProcess {
  signal(signal: 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void;
  /** Waits until it has ended, and starts it again: the same program, or another one. */
  restart(program?: URL): Promise<void>;
}

/** The root of these sources. */
export const THIS_PROGRAM = new URL('../../../', import.meta.url);

/** @param program the root of the sources that the processes run */
export async function startCluster(
  dataDir: string,
  progress: (line: string) => void,
  program = THIS_PROGRAM,
): Promise<Cluster> {
  const stack = await startStack({ dataDir, progress });
  const started: Awaited<ReturnType<typeof serviceProcess>>[] = [];
  const stop = async () => {
    for (const one of started) await one.stop();
    await stack.stop();
  };
  try {
    for (let n = 0; n < 2; n += 1) started.push(await serviceProcess(stack, dataDir, program));
    const issuer = await developmentIssuer(dataDir);
    const addresses = started.map((one) => one.address);
    const admin = () => {
      const token = issuer.issue({ agencyId: '', officerId: 'chaos', roles: ['admin'] });
      return connectAgency({ address: addresses[0] as string, token: () => token });
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
      settled,
      async quiet() {
        const client = admin();
        await settled(client).finally(() => client.close());
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function serviceProcess(stack: Stack, dataDir: string, first: URL) {
  let program = first;
  const start = (listen: string): Promise<Started> =>
    startProcess(
      new URL('services/standalone/src/main.ts', program),
      /gRPC\s+(\S+)/,
      {
        LIENTHONG_DATA: dataDir,
        DATABASE_URL: stack.databaseUrl,
        NATS_URL: stack.natsUrl,
        LISTEN: listen,
        TLS_AT_PROXY: 'true',
        METRICS_LISTEN: 'off',
        ISSUER_LISTEN: 'off',
        TRACES_LISTEN: 'off',
        REST_LISTEN: 'off',
        LOG_LEVEL: 'fatal',
      },
      ['--empty'],
    );
  let current = await start('127.0.0.1:0');
  const address = current.line;
  return {
    address,
    signal: (signal: NodeJS.Signals) => void process.kill(current.pid, signal),
    async restart(next = program) {
      await current.ended();
      program = next;
      current = await start(address);
    },
    stop: () => current.stop(),
  };
}
