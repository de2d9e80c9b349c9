import { type AgencyClient, connectAgency } from '@lienthong/client';
import {
  AuditServiceDefinition,
  type GetProofRequest,
  type GetProofResponse,
} from '@lienthong/contracts/audit';
import {
  CaseworkServiceDefinition,
  type CompleteTaskRequest,
  type CompleteTaskResponse,
  type ListWorkRequest,
  type ListWorkResponse,
  type LodgeDossierRequest,
  type LodgeDossierResponse,
} from '@lienthong/contracts/casework';
import { type FeedEvent, FeedServiceDefinition } from '@lienthong/contracts/feed';
import {
  type DeepPartial,
  DocumentRoutingServiceDefinition,
  type IssueDocumentRequest,
  type IssueDocumentResponse,
  type ListInboxRequest,
  type ListInboxResponse,
} from '@lienthong/contracts/routing';
import { startStack } from '@lienthong/embedded';
import { type Caller, developmentIssuer } from '@lienthong/kit';
import pg from 'pg';
import { startProcess } from './process.ts';
import { openCaller } from './unary.ts';

/** The calls that are measured, by one agency, with as little client code as possible. */
export interface AgencyCalls {
  issueDocument(request: DeepPartial<IssueDocumentRequest>): Promise<IssueDocumentResponse>;
  listInbox(request: DeepPartial<ListInboxRequest>): Promise<ListInboxResponse>;
  lodgeDossier(request: DeepPartial<LodgeDossierRequest>): Promise<LodgeDossierResponse>;
  completeTask(request: DeepPartial<CompleteTaskRequest>): Promise<CompleteTaskResponse>;
  listWork(request: DeepPartial<ListWorkRequest>): Promise<ListWorkResponse>;
  /** Follows the agency's feed from now on. Resolves, once the stream is open, to a function that cancels it. */
  follow(onEvent: (event: FeedEvent) => void): Promise<() => void>;
}

export interface Target {
  address: string;
  databaseUrl: string;
  natsUrl: string;
  /** The process that runs the services. */
  pid: number;
  token(caller: Caller): Promise<string>;
  as(agencyId: string): Promise<AgencyCalls>;
  /** Proofs for an auditor of the whole log. */
  proofs(): Promise<(request: DeepPartial<GetProofRequest>) => Promise<GetProofResponse>>;
  /** A client of the platform's administrator; the caller closes it. */
  admin(): AgencyClient;
  /** Waits until every event is published and applied by every consumer. */
  settled(admin: AgencyClient): Promise<void>;
  /** The same with its own client; waits for PostgreSQL's vacuum too. */
  quiet(): Promise<void>;
  stop(): Promise<void>;
}

/** PostgreSQL and NATS with durable settings, and all services in one process of their own. */
export async function startTarget(
  dataDir: string,
  progress: (line: string) => void,
  env: Record<string, string> = {},
): Promise<Target> {
  const stack = await startStack({ dataDir, progress });
  const services = await startProcess(
    new URL('../../services/standalone/src/main.ts', import.meta.url),
    /gRPC\s+(\S+)/,
    {
      LIENTHONG_DATA: dataDir,
      DATABASE_URL: stack.databaseUrl,
      NATS_URL: stack.natsUrl,
      LISTEN: '127.0.0.1:0',
      METRICS_LISTEN: 'off',
      ISSUER_LISTEN: 'off',
      TRACES_LISTEN: 'off',
      REST_LISTEN: 'off',
      // What is measured is the platform; what TLS adds is measured by `parts/tls.ts`.
      TLS_AT_PROXY: 'true',
      ...env,
    },
    ['--empty'],
  ).catch(async (error) => {
    await stack.stop();
    throw error;
  });
  const issuer = await developmentIssuer(dataDir);
  const address = services.line;
  const caller = openCaller(address);
  const admin = () => {
    const token = issuer.issue({ agencyId: '', officerId: 'bench', roles: ['admin'] });
    return connectAgency({ address, token: () => token });
  };

  return {
    address,
    databaseUrl: stack.databaseUrl,
    natsUrl: stack.natsUrl,
    pid: services.pid,
    token: (caller) => issuer.issue(caller),
    async as(agencyId) {
      const token = await issuer.issue({ agencyId, officerId: 'bench', roles: ['system'] });
      const routing = DocumentRoutingServiceDefinition;
      const casework = CaseworkServiceDefinition;
      return {
        issueDocument: caller.unary(routing, routing.methods.issueDocument, token),
        listInbox: caller.unary(routing, routing.methods.listInbox, token),
        lodgeDossier: caller.unary(casework, casework.methods.lodgeDossier, token),
        completeTask: caller.unary(casework, casework.methods.completeTask, token),
        listWork: caller.unary(casework, casework.methods.listWork, token),
        follow: (onEvent) =>
          new Promise((resolve, reject) => {
            const { methods } = FeedServiceDefinition;
            const leave = caller.stream(
              FeedServiceDefinition,
              methods.follow,
              token,
              {},
              // The first message has the cursor at which the stream begins.
              ({ message }) => (message?.$case === 'event' ? onEvent(message.value) : resolve(leave)),
              (error) => error && reject(error),
            );
          }),
      };
    },
    async proofs() {
      const token = await issuer.issue({ agencyId: '', officerId: 'bench', roles: ['auditor'] });
      return caller.unary(AuditServiceDefinition, AuditServiceDefinition.methods.getProof, token);
    },
    admin,
    settled,
    async quiet() {
      const client = admin();
      await settled(client).finally(() => client.close());
      await vacuumed(stack.databaseUrl);
    },
    async stop() {
      caller.close();
      await services.stop();
      await stack.stop();
    },
  };
}

/** Waits until every event is published and applied by every consumer. */
export async function settled(admin: AgencyClient): Promise<void> {
  while (true) {
    const { logs, consumers } = await admin.operations.getStatus({});
    const parked = consumers.find((consumer) => consumer.parked > 0n);
    if (parked)
      throw new Error(`consumer ${parked.service}/${parked.name} has parked ${parked.parked} events`);
    const sequenced = new Map(logs.map((log) => [log.source, log.sequenced]));
    const published = logs.every((log) => log.published >= log.sequenced);
    // Not by `lag`: services read their lags and logs at different moments.
    const applied = consumers.every(({ source, cursor }) => cursor >= (sequenced.get(source) ?? 0n));
    if (published && applied) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const TIDYING_MS = 60_000;

/** Waits while PostgreSQL vacuums what a scenario wrote, so that the next one does not pay for it; at most a minute. */
async function vacuumed(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (const until = Date.now() + TIDYING_MS; Date.now() < until; ) {
      const { rows } = await client.query(
        `select from pg_stat_activity where backend_type = 'autovacuum worker'`,
      );
      if (rows.length === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  } finally {
    await client.end();
  }
}
