import {
  type Caller,
  type Clock,
  createLog,
  type DevelopmentIssuer,
  developmentIssuer,
  runServices,
  type Service,
  tokenVerifier,
} from '@lienthong/kit';
import { EVENT_KEYS } from './event-keys.ts';

export interface RunningServices {
  /** host:port of the gRPC server. */
  address: string;
  issuer: DevelopmentIssuer;
  /** The metadata value of a caller: "Bearer …". */
  bearer(caller: Caller): Promise<string>;
  stop(): Promise<void>;
}

/** Runs real services on a free port against a test's database and NATS, with a token issuer of their own. */
export async function runTestServices(
  services: readonly Service[],
  stack: { databaseUrl: string; natsUrl: string; natsPrefix: string },
  options: {
    clock?: Clock;
    issuer?: DevelopmentIssuer;
    env?: Record<string, string>;
    connections?: number;
  } = {},
): Promise<RunningServices> {
  const issuer = options.issuer ?? (await developmentIssuer());
  const running = await runServices(services, {
    database: () => ({ url: stack.databaseUrl }),
    nats: () => ({ url: stack.natsUrl }),
    listen: '127.0.0.1:0',
    verifyToken: tokenVerifier(issuer.keys, issuer.issuer),
    log: createLog('test', process.env.TEST_LOG_LEVEL ?? 'silent'),
    clock: options.clock,
    subjectRoot: stack.natsPrefix,
    connections: options.connections ?? 8,
    env: { ...EVENT_KEYS, ...options.env },
  });
  return {
    address: running.address,
    issuer,
    bearer: async (caller) => `Bearer ${await issuer.issue(caller)}`,
    stop: running.stop,
  };
}
