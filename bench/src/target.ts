import { type AgencyClient, connectAgency } from '@lienthong/client';
import { DocumentRoutingServiceDefinition } from '@lienthong/contracts/routing';
import { startStack } from '@lienthong/embedded';
import { developmentIssuer, type Principal } from '@lienthong/kit';
import { createChannel, createClientFactory, Metadata } from 'nice-grpc';
import { startProcess } from './process.ts';

/** Connections of the load generator, shared by its callers. */
export const CONNECTIONS = 8;

export interface Target {
  address: string;
  databaseUrl: string;
  natsUrl: string;
  token(principal: Principal): Promise<string>;
  /** The routing service as one agency calls it, with nothing but the generated client in between. */
  routing(agencyId: string): Promise<ReturnType<typeof bare>>;
  /** Waits until every event is published and applied by every consumer. */
  settled(admin: AgencyClient): Promise<void>;
  /** The same, asking with a client of its own. */
  quiet(): Promise<void>;
  stop(): Promise<void>;
}

/** PostgreSQL and NATS with durable settings, and all services in one process of their own. */
export async function startTarget(dataDir: string, progress: (line: string) => void): Promise<Target> {
  const stack = await startStack({ dataDir, progress });
  const services = await startProcess(
    new URL('../../services/standalone/src/main.ts', import.meta.url),
    /gRPC\s+(\S+)/,
    {
      LIENTHONG_DATA: dataDir,
      DATABASE_URL: stack.databaseUrl,
      NATS_URL: stack.natsUrl,
      LISTEN: '127.0.0.1:0',
    },
    ['--empty'],
  ).catch(async (error) => {
    await stack.stop();
    throw error;
  });
  const issuer = await developmentIssuer(dataDir);
  const address = services.line;
  const channels = Array.from({ length: CONNECTIONS }, () => createChannel(address));
  let clients = 0;

  return {
    address,
    databaseUrl: stack.databaseUrl,
    natsUrl: stack.natsUrl,
    token: (principal) => issuer.issue(principal),
    async routing(agencyId) {
      const token = await issuer.issue({ agencyId, officerId: 'bench', roles: ['system'] });
      clients += 1;
      return bare(channels[clients % CONNECTIONS] as (typeof channels)[number], token);
    },
    settled,
    async quiet() {
      const token = await issuer.issue({ agencyId: '', officerId: 'bench', roles: ['admin'] });
      const admin = connectAgency({ address, token: () => token });
      await settled(admin).finally(() => admin.close());
    },
    async stop() {
      for (const channel of channels) channel.close();
      await services.stop();
      await stack.stop();
    },
  };
}

const bare = (channel: ReturnType<typeof createChannel>, token: string) =>
  createClientFactory().create(DocumentRoutingServiceDefinition, channel, {
    '*': { metadata: Metadata({ authorization: `Bearer ${token}` }) },
  });

/** Waits until every event is published and applied by every consumer. */
export async function settled(admin: AgencyClient): Promise<void> {
  while (true) {
    const { logs, consumers } = await admin.operations.getStatus({});
    const parked = consumers.find((consumer) => consumer.parked > 0n);
    if (parked)
      throw new Error(`consumer ${parked.service}/${parked.name} has parked ${parked.parked} events`);
    const behind = logs.some((log) => log.unsequenced > 0n || log.published < log.sequenced);
    if (!behind && consumers.every((consumer) => consumer.lag === 0n)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
