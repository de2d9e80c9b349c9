import { join, resolve } from 'node:path';
import { createSigningKey, readSigningKeys } from '@lienthong/audit/signing-key';
import { type AgencyClient, connectAgency } from '@lienthong/client';
import { type Stack, startStack } from '@lienthong/embedded';
import {
  type Caller,
  type Clock,
  createLog,
  type DevelopmentIssuer,
  developmentIssuer,
  developmentKeys,
  provision,
  readNatsAccess,
  runServices,
  startTelemetry,
  type Telemetry,
  tokenVerifier,
} from '@lienthong/kit';
import type { StandaloneSettings } from './config.ts';
import { databaseRoles, roleAccess } from './database-roles.ts';
import { type IssuerServer, openIssuerServer } from './issuer-server.ts';
import { accessOf, natsUsers } from './nats-users.ts';
import { services } from './services.ts';

export interface Platform {
  /** host:port of the gRPC server. */
  address: string;
  /** host:port of /metrics for Prometheus; undefined when there is none. */
  metricsAddress: string | undefined;
  stack: Stack;
  issuer: DevelopmentIssuer;
  /** The keys that verify the audit log's checkpoints, as `lienthong verify --log` takes them. */
  auditKeys: readonly string[];
  /**
   * A client of the platform for one caller, over gRPC like every other client.
   * @param after of a client's `written`: what that client wrote is known to every service that this one calls
   */
  connect(caller: Caller, after?: string): AgencyClient;
  /** Drains the calls, then stops the services, then the servers; idempotent. */
  stop(): Promise<void>;
}

/** First token of every NATS subject. */
const ROOT = 'lt';

/** The name of the audit's log, which its checkpoints carry. */
const DEVELOPMENT_LOG = 'lienthong-development/audit';

/** The platform's own administrator, without an agency. */
export const administrator: Caller = {
  agencyId: '',
  officerId: 'administrator',
  roles: ['admin', 'auditor'],
};

/** Starts PostgreSQL and NATS (or uses those of the settings) and all services on one port. */
export async function startPlatform(
  settings: StandaloneSettings,
  options: { clock?: Clock; env?: NodeJS.ProcessEnv; progress?: (line: string) => void } = {},
): Promise<Platform> {
  const dataDir = resolve(settings.LIENTHONG_DATA);
  const users = await natsUsers(dataDir, ROOT);
  const roles = await databaseRoles(
    dataDir,
    services.map(({ name }) => name),
  );
  const stack = await startStack({
    dataDir,
    progress: options.progress,
    databaseUrl: settings.DATABASE_URL,
    natsUrl: settings.NATS_URL,
    natsUsers: users,
    ports: { postgres: settings.POSTGRES_PORT, nats: settings.NATS_PORT },
  });
  let telemetry: Telemetry | undefined;
  let issuerServer: IssuerServer | undefined;
  let stopped: Promise<void> | undefined;
  try {
    telemetry = await startTelemetry({
      service: 'lienthong',
      otlpEndpoint: settings.OTEL_EXPORTER_OTLP_ENDPOINT,
      metricsListen: settings.METRICS_LISTEN,
    });
    if (settings.ISSUER_LISTEN !== undefined) issuerServer = await openIssuerServer(settings.ISSUER_LISTEN);
    const issuer = await developmentIssuer(dataDir, issuerServer?.url);
    issuerServer?.serve(issuer);
    const external = { url: stack.databaseUrl, migrationUrl: settings.MIGRATION_DATABASE_URL };
    if (stack.postgres !== undefined) await provision(stack.databaseUrl, roles);
    const given = readNatsAccess({ ...settings, NATS_URL: stack.natsUrl });
    const signingKey = join(dataDir, 'audit-log', 'signing-key');
    await createSigningKey(signingKey, DEVELOPMENT_LOG);
    const { signers } = await readSigningKeys(process.env.AUDIT_SIGNING_KEY ?? signingKey);
    const running = await runServices(services, {
      database: stack.postgres === undefined ? () => external : roleAccess(stack.databaseUrl, roles),
      nats: stack.nats === undefined ? () => given : accessOf(stack.natsUrl, users),
      subjectRoot: ROOT,
      listen: settings.LISTEN,
      verifyToken: tokenVerifier([issuer.trusted], { maxAgeHours: settings.TOKEN_MAX_AGE_HOURS }),
      log: createLog('lienthong', settings.LOG_LEVEL),
      clock: options.clock,
      env: {
        LIENTHONG_SEALING_KEYS: await developmentKeys(dataDir, 'sealing-key'),
        EVENT_MAC_KEYS: await developmentKeys(dataDir, 'event-key'),
        AUDIT_SIGNING_KEY: signingKey,
        ...process.env,
        ...options.env,
      },
    });
    return {
      address: running.address,
      metricsAddress: telemetry.metricsAddress,
      stack,
      issuer,
      auditKeys: signers.map(({ verifierKey }) => verifierKey),
      connect: (caller, after) => {
        let token: Promise<string> | undefined;
        return connectAgency({
          address: running.address,
          after,
          token: () => {
            token ??= issuer.issue(caller);
            return token;
          },
        });
      },
      stop() {
        stopped ??= stopAll(running, issuerServer, telemetry, stack);
        return stopped;
      },
    };
  } catch (error) {
    await issuerServer?.stop();
    await telemetry?.stop();
    await stack.stop();
    throw error;
  }
}

async function stopAll(
  running: { stop(): Promise<void> },
  issuerServer: IssuerServer | undefined,
  telemetry: Telemetry | undefined,
  stack: Stack,
): Promise<void> {
  await running.stop();
  await issuerServer?.stop();
  await telemetry?.stop();
  await stack.stop();
}
