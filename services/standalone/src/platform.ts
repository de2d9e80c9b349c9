import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createSigningKey, readSigningKeys } from '@lienthong/audit/signing-key';
import { type AgencyClient, type ClientTls, connectAgency } from '@lienthong/client';
import { type RunningConsole, startConsole } from '@lienthong/console';
import { type EdxmlGateway, startEdxmlGateway } from '@lienthong/edxml-gateway';
import { readSystems } from '@lienthong/edxml-gateway/config';
import { type DevelopmentAuthority, developmentAuthority, type Stack, startStack } from '@lienthong/embedded';
import {
  type Caller,
  type Clock,
  connectionSettings,
  createLog,
  createSealer,
  type DevelopmentIssuer,
  developmentIssuer,
  developmentKeys,
  type ListenTls,
  type NatsAccess,
  openListenTls,
  provision,
  readNatsAccess,
  readSettings,
  runServices,
  startTelemetry,
  type Telemetry,
  tokenVerifier,
} from '@lienthong/kit';
import { type RestGateway, startRestGateway } from '@lienthong/rest-gateway';
import { administrator } from './administrator.ts';
import type { StandaloneSettings } from './config.ts';
import { databaseRoles, roleAccess } from './database-roles.ts';
import { signInForDevelopment } from './issuer/development.ts';
import { type IssuerServer, openIssuerServer } from './issuer/server.ts';
import { keptToken } from './kept-token.ts';
import { accessOf, natsUsers } from './nats-users.ts';
import { services } from './services.ts';

export interface Platform {
  /** host:port of the gRPC server. */
  address: string;
  /** What clients need to trust it; undefined: it speaks plain text. */
  tls: ClientTls | undefined;
  /** The file of the authority that signed the certificates of this platform and its servers. */
  caFile: string;
  /** The administrator's, or what the settings give. */
  nats: NatsAccess;
  /** host:port of /metrics for Prometheus; undefined when there is none. */
  metricsAddress: string | undefined;
  /** host:port of the REST API; undefined when there is none. */
  restAddress: string | undefined;
  /** Where browsers find the console; undefined when there is none. */
  consoleUrl: string | undefined;
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

/** The console's name at the development issuer. */
const CONSOLE_CLIENT = 'lienthong-console';

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
  const log = createLog('lienthong', settings.LOG_LEVEL);
  const authority = await developmentAuthority(join(dataDir, 'tls'), {
    onRenewal: (err) => {
      if (err === undefined) stack.reloadTls();
      else log.error({ err }, 'certificate not renewed');
    },
  });
  const stack = await startStack({
    dataDir,
    tls: authority,
    progress: options.progress,
    databaseUrl: settings.DATABASE_URL,
    natsUrl: settings.NATS_URL,
    natsUsers: users,
    ports: { postgres: settings.POSTGRES_PORT, nats: settings.NATS_PORT },
  });
  let listenTls: ListenTls | undefined;
  let telemetry: Telemetry | undefined;
  let issuerServer: IssuerServer | undefined;
  let rest: RestGateway | undefined;
  let edxml: EdxmlGateway | undefined;
  let web: RunningConsole | undefined;
  let stopped: Promise<void> | undefined;
  try {
    const pair = settings.TLS_AT_PROXY
      ? {}
      : { TLS_CERT_FILE: authority.certFile, TLS_KEY_FILE: authority.keyFile };
    listenTls = await openListenTls({ ...pair, TLS_AT_PROXY: settings.TLS_AT_PROXY }, log);
    telemetry = await startTelemetry({
      service: 'lienthong',
      otlpEndpoint: settings.OTEL_EXPORTER_OTLP_ENDPOINT,
      traces: ownTraces(settings),
      metricsListen: settings.METRICS_LISTEN,
      tls: listenTls,
    });
    if (settings.ISSUER_LISTEN !== undefined)
      issuerServer = await openIssuerServer(settings.ISSUER_LISTEN, settings.TLS_AT_PROXY);
    const issuer = await developmentIssuer(dataDir, issuerServer?.url);
    issuerServer?.serve(issuer);
    const external = { url: stack.databaseUrl, migrationUrl: settings.MIGRATION_DATABASE_URL };
    if (stack.postgres !== undefined) await provision(stack.databaseUrl, roles);
    const given = readNatsAccess({ ...settings, NATS_URL: stack.natsUrl });
    const nats = stack.nats === undefined ? given : { url: stack.natsUrl, caFile: authority.caFile };
    const signingKey = join(dataDir, 'audit-log', 'signing-key');
    await createSigningKey(signingKey, DEVELOPMENT_LOG);
    const { signers } = await readSigningKeys(process.env.AUDIT_SIGNING_KEY ?? signingKey);
    const running = await runServices(services, {
      database: stack.postgres === undefined ? () => external : roleAccess(stack.databaseUrl, roles),
      nats: stack.nats === undefined ? () => given : accessOf(nats, users),
      subjectRoot: ROOT,
      listen: settings.LISTEN,
      tls: listenTls,
      verifyToken: tokenVerifier([issuer.trusted], { maxAgeHours: settings.TOKEN_MAX_AGE_HOURS }),
      log,
      clock: options.clock,
      env: {
        LIENTHONG_SEALING_KEYS: await developmentKeys(dataDir, 'sealing-key'),
        EVENT_MAC_KEYS: await developmentKeys(dataDir, 'event-key'),
        AUDIT_SIGNING_KEY: signingKey,
        ...trackingPage(settings),
        ...process.env,
        TRACES_LISTEN: settings.TRACES_LISTEN ?? 'off',
        ...options.env,
        ...((settings.REST_LISTEN ?? settings.CONSOLE_LISTEN) !== undefined &&
          trustLoopback({ ...process.env, ...options.env })),
      },
    });
    // Clients in Node warn when they check a certificate against an address.
    const address = running.address.replace(/^127\.0\.0\.1:/, 'localhost:');
    const tls = settings.TLS_AT_PROXY ? undefined : { ca: readFileSync(authority.caFile) };
    const tokenSeconds = Math.min(12, settings.TOKEN_MAX_AGE_HOURS) * 3600;
    const connect = (caller: Caller, after?: string) =>
      connectAgency({
        address,
        tls,
        after,
        token: keptToken((seconds) => issuer.issue(caller, seconds), tokenSeconds),
      });
    const connections = readSettings(connectionSettings, { ...process.env, ...options.env });
    const doors = { platform: { address, tls }, connections };
    let people: AgencyClient | undefined;
    try {
      if (settings.EDXML_SYSTEMS !== undefined)
        edxml = await startEdxmlGateway({
          systems: readSystems(settings.EDXML_SYSTEMS),
          platform: { address, tls },
          checkMs: settings.EDXML_CHECK_MS,
          push:
            settings.EDXML_PUSH_LISTEN === undefined
              ? undefined
              : { listen: settings.EDXML_PUSH_LISTEN, tls: listenTls },
          log: log.child({ service: 'edxml-gateway' }),
        });
      if (settings.REST_LISTEN !== undefined)
        rest = await startRestGateway({
          ...doors,
          listen: settings.REST_LISTEN,
          tls: listenTls,
          corsOrigins: settings.REST_CORS_ORIGINS,
          log: log.child({ service: 'rest-gateway' }),
        });
      if (settings.CONSOLE_LISTEN !== undefined && issuerServer !== undefined) {
        web = await startConsole({
          ...doors,
          listen: settings.CONSOLE_LISTEN,
          // Like the issuer: a browser does not know the authority of the data folder.
          tls: { atProxy: settings.TLS_AT_PROXY },
          url: settings.CONSOLE_URL,
          provider: { issuer: issuerServer.url, clientId: CONSOLE_CLIENT, scope: 'openid' },
          sealer: createSealer(await developmentKeys(dataDir, 'session-key')),
          log: log.child({ service: 'console' }),
        });
        people = connect(administrator);
        issuerServer.signIn(
          signInForDevelopment(people, [{ clientId: CONSOLE_CLIENT, redirectUris: [web.redirectUri] }]),
        );
      }
    } catch (error) {
      await Promise.all([rest?.stop(), web?.stop(), edxml?.stop()]);
      await running.stop();
      throw error;
    }
    telemetry.setServing(true);
    return {
      address,
      tls,
      caFile: authority.caFile,
      nats,
      metricsAddress: telemetry.metricsAddress,
      restAddress: rest?.address,
      consoleUrl: web?.url,
      stack,
      issuer,
      auditKeys: signers.map(({ verifierKey }) => verifierKey),
      connect,
      stop() {
        stopped ??= (async () => {
          telemetry?.setServing(false);
          await Promise.all([rest?.stop(), web?.stop(), edxml?.stop()]);
          people?.close();
          // While their receiver runs.
          if (ownTraces(settings)) await telemetry?.endTraces();
          await running.stop();
          await stopAround({ issuerServer, telemetry, listenTls, authority, stack });
        })();
        return stopped;
      },
    };
  } catch (error) {
    await stopAround({ issuerServer, telemetry, listenTls, authority, stack });
    throw error;
  }
}

/** The spans of this process are kept by its own service, unless a collector gets them. */
const ownTraces = ({ OTEL_EXPORTER_OTLP_ENDPOINT, TRACES_LISTEN, TRACES_PER_SECOND }: StandaloneSettings) =>
  OTEL_EXPORTER_OTLP_ENDPOINT === undefined && TRACES_LISTEN !== undefined
    ? { otlpEndpoint: `http://${TRACES_LISTEN}`, perSecond: TRACES_PER_SECOND }
    : undefined;

/** The console's page, where it is known before the console listens. */
function trackingPage({ CONSOLE_URL, CONSOLE_LISTEN = ':0' }: StandaloneSettings) {
  if (CONSOLE_URL === undefined && CONSOLE_LISTEN.endsWith(':0')) return {};
  // The console speaks plain text here.
  return { CASEWORK_TRACKING_URL: `${CONSOLE_URL ?? `http://${CONSOLE_LISTEN}`}/tra-cuu` };
}

/** The REST API and the console call from this machine, for many; what they say of their addresses counts. */
const trustLoopback = ({ TRUSTED_PROXIES = '' }: NodeJS.ProcessEnv) => ({
  TRUSTED_PROXIES: [TRUSTED_PROXIES, '127.0.0.1', '::1'].filter((one) => one !== '').join(','),
});

/** Stops what the services ran on. */
async function stopAround(around: {
  issuerServer: IssuerServer | undefined;
  telemetry: Telemetry | undefined;
  listenTls: ListenTls | undefined;
  authority: DevelopmentAuthority;
  stack: Stack;
}): Promise<void> {
  await around.issuerServer?.stop();
  await around.telemetry?.stop();
  around.listenTls?.certificate?.close();
  around.authority.close();
  await around.stack.stop();
}
