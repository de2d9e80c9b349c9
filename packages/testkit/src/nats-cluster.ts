import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, type ManagedServer, startNats } from '@lienthong/embedded';
import { openDirectory } from './servers.ts';
import { sharedServers } from './test-stack.ts';

export interface NatsCluster {
  /** The administrator's URL, which names all three servers. */
  natsUrl: string;
  /** By the names that JetStream reports, for example as the leader of a stream. */
  servers: ReadonlyMap<string, ManagedServer>;
  /** The name of the server that leads JetStream, as the first server that replies knows it. */
  metaLeader(): Promise<string>;
  /** Stops the servers and deletes their data. */
  stop(): Promise<void>;
}

const NAMES = ['nats-1', 'nats-2', 'nats-3'];

/** Three real nats-servers with JetStream in a cluster of their own, for tests that kill and pause some of them. */
export async function natsCluster(): Promise<NatsCluster> {
  const password = randomBytes(12).toString('hex');
  const ports = await Promise.all(NAMES.map(async () => [await freePort(), await freePort()] as const));
  const dirs = NAMES.map((name) => openDirectory(sharedServers().dir, `${name}-`));
  // All at once: JetStream has a leader only when two of them run.
  const started = await Promise.all(
    ports.map(([port, monitorPort], n) =>
      startNats({
        dir: join(dirs[n] as string, 'nats'),
        password,
        peer: {
          name: NAMES[n] as string,
          port,
          monitorPort,
          routes: ports.filter(([other]) => other !== port).map(([other]) => other),
        },
      }),
    ),
  );
  const hosts = started.map(({ natsUrl }) => new URL(natsUrl).host);
  return {
    natsUrl: `nats://administrator:${password}@${hosts.join(',')}`,
    servers: new Map(started.map(({ server }, n) => [NAMES[n] as string, server])),
    metaLeader: () => Promise.any(ports.map(([, monitorPort]) => readMetaLeader(monitorPort))),
    async stop() {
      await Promise.all(started.map(({ server }) => server.stop()));
      for (const dir of dirs) rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function readMetaLeader(monitorPort: number): Promise<string> {
  const reply = await fetch(`http://127.0.0.1:${monitorPort}/jsz`, { signal: AbortSignal.timeout(5_000) });
  const { meta_cluster: meta } = (await reply.json()) as { meta_cluster?: { leader?: string } };
  if (!meta?.leader) throw new Error('JetStream has no leader now');
  return meta.leader;
}
