import {
  type Caller,
  type CallerDirectory,
  type Clock,
  createLog,
  type DevelopmentIssuer,
  developmentIssuer,
  type Logger,
  runServices,
  type Service,
  tokenVerifier,
} from '@lienthong/kit';
import { knowMadeUpCallers } from './callers.ts';
import { EVENT_KEYS } from './event-keys.ts';

export interface RunningServices {
  /** host:port of the gRPC server. */
  address: string;
  issuer: DevelopmentIssuer;
  /** The metadata value of a caller: "Bearer …". */
  bearer(caller: Caller): Promise<string>;
  /** Resolves when the services know of callers what their databases say. */
  refreshDirectories(): Promise<unknown>;
  stop(): Promise<void>;
}

/**
 * Runs real services on a free port against a test's database and NATS, with a token issuer of their own. They know the
 * callers of their directories, and those whom the test makes up.
 */
export async function runTestServices(
  services: readonly Service[],
  stack: { databaseUrl: string; natsUrl: string; natsPrefix: string },
  options: {
    clock?: Clock;
    issuer?: DevelopmentIssuer;
    env?: Record<string, string>;
    connections?: number;
    log?: Logger;
  } = {},
): Promise<RunningServices> {
  const issuer = options.issuer ?? (await developmentIssuer());
  const directories: CallerDirectory[] = [];
  const knowing = services.map((one) => knowMadeUpCallers(one, (directory) => directories.push(directory)));
  const running = await runServices(knowing, {
    database: () => ({ url: stack.databaseUrl }),
    nats: () => ({ url: stack.natsUrl }),
    listen: '127.0.0.1:0',
    verifyToken: tokenVerifier([issuer.trusted]),
    log: options.log ?? createLog('test', process.env.TEST_LOG_LEVEL ?? 'silent'),
    clock: options.clock,
    subjectRoot: stack.natsPrefix,
    connections: options.connections ?? 8,
    env: { ...EVENT_KEYS, ...options.env },
  });
  return {
    address: running.address,
    issuer,
    refreshDirectories: () => Promise.all(directories.map((one) => one.refresh())),
    bearer: async (caller) => `Bearer ${await issuer.issue(caller)}`,
    stop: running.stop,
  };
}
