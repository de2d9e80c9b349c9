import { join } from 'node:path';
import { type EventPayload, type EventType, eventContracts } from '@lienthong/contracts/events';
import type { NewEvent } from '@lienthong/eventlog';
import { feed } from '@lienthong/feed';
import {
  connectNats,
  createLog,
  type Database,
  developmentIssuer,
  type NatsAccess,
  type Running,
  runServices,
  tokenVerifier,
  uuidv7,
} from '@lienthong/kit';
import { agency, announced } from '@lienthong/reference-data/testing';
import { EVENT_KEYS, openTestDatabase, testDatabase, testEventSource } from '@lienthong/testkit';
import { AckPolicy, type JsMsg, jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { expect, vi } from 'vitest';
import { type Installation, openInstallation } from './nats-servers.ts';

export const [issuer, commune, neighbour] = [uuidv7(), uuidv7(), uuidv7()];
const EVERYBODY = '00000000-0000-0000-0000-000000000000';
const SEALING = { LIENTHONG_SEALING_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}` };

/** The feed with a hub and two leaf nodes; directory and routing are event logs of the test. */
export interface LeafWorld extends Installation {
  db: Database;
  /** The process of the feed that was started last. */
  feed(): Running;
  startFeed(): Promise<Running>;
  /** What the feed's processes have logged. */
  logged(): string;
  /** Statuses of deliveries from the issuer to an agency. */
  report(holder: string, count: number): Promise<void>;
  connect(access: Partial<NatsAccess> & { port: number }, name: string): Promise<NatsConnection>;
  /** At the hub. */
  administrator(): Promise<NatsConnection>;
  service(name: string): Promise<NatsConnection>;
  /** As the agency's system on its leaf node. */
  reader(agencyId: string): Promise<NatsConnection>;
  /** The ids of the events that concern an agency, in the feed's order. */
  expected(agencyId: string): Promise<string[]>;
  /** Waits until the feed has recorded this many events in all. */
  recorded(count: number): Promise<void>;
}

export async function openLeafWorld(): Promise<LeafWorld> {
  const installation = await openInstallation([commune, neighbour]);
  const { databaseUrl, drop } = await testDatabase();
  const { hub, folder } = installation;
  const connections: NatsConnection[] = [];
  const services: Running[] = [];
  const log: string[] = [];
  const access = (port: number, creds: string): NatsAccess => ({
    url: `tls://localhost:${port}`,
    credsFile: join(folder, creds),
    caFile: join(folder, 'ca.pem'),
  });
  const administrator = access(hub.port, 'operator/administrator.creds');
  const stack = { databaseUrl, natsUrl: administrator.url, natsPrefix: 'lt' };
  const directory = await testEventSource(stack, 'directory', administrator);
  const routing = await testEventSource(stack, 'routing', administrator);
  const db = openTestDatabase(databaseUrl, 'feed');

  async function startFeed() {
    const running = await runServices([feed], {
      database: () => ({ url: databaseUrl }),
      nats: () => access(hub.port, 'services/feed.creds'),
      listen: '127.0.0.1:0',
      verifyToken: tokenVerifier([(await developmentIssuer()).trusted]),
      log: createLog('test', 'info', { write: (line) => void log.push(line) }),
      env: { ...EVENT_KEYS, ...SEALING, FEED_SLICES: `${commune}, ${neighbour}` },
    });
    services.push(running);
    return running;
  }

  async function connect({ port, ...given }: Partial<NatsAccess> & { port: number }, name: string) {
    const connection = await connectNats({ url: `nats://127.0.0.1:${port}`, ...given }, name);
    connections.push(connection);
    return connection;
  }

  const world: LeafWorld = {
    ...installation,
    db,
    feed: () => services.at(-1) as Running,
    startFeed,
    logged: () => log.join(''),
    connect,
    administrator: () => connect({ port: hub.port, ...administrator }, 'administrator'),
    service: (name) => connect({ port: hub.port, ...access(hub.port, `services/${name}.creds`) }, name),
    report: (holder, count) => routing.publish(Array.from({ length: count }, () => status(holder))),
    reader: (agencyId) => {
      const { port, file } = installation.leaf(agencyId);
      return connect({ port, credsFile: file('ho-so.creds') }, 'ho-so');
    },
    async expected(agencyId) {
      const rows = await db.query<{ event_id: string }>({
        text: `select event_id from feed_event where audience && $1::uuid[] order by seq`,
        values: [[agencyId, EVERYBODY]],
      });
      return rows.map(({ event_id }) => event_id);
    },
    recorded: (count) =>
      vi.waitFor(
        async () => {
          const [row] = await db.query<{ n: number }>({ text: 'select count(*)::int as n from feed_event' });
          expect(row?.n).toBe(count);
        },
        { timeout: 60_000, interval: 100 },
      ),
    async close() {
      for (const connection of connections) await connection.close();
      for (const running of services) await running.stop();
      await directory.stop();
      await routing.stop();
      await db.close();
      await installation.close();
      await drop();
    },
  };
  await startFeed();
  await directory.publish([
    announced(agency({ id: issuer, code: 'H61', name: 'Tỉnh' })),
    announced(agency({ id: commune, code: 'H61.29551', name: 'Phường Long Châu' })),
    announced(agency({ id: neighbour, code: 'H61.29552', name: 'Phường Thanh Đức' })),
  ]);
  return world;
}

function status(holderId: string): NewEvent {
  const type = 'lienthong.routing.v1.DeliveryStatusReported';
  const payload = { deliveryId: uuidv7(), documentId: uuidv7(), senderId: issuer, holderId, status: 1 };
  return {
    type,
    payload: eventContracts[type].codec.fromPartial(payload) as EventPayload<EventType & typeof type>,
    aggregateId: uuidv7(),
    version: 1,
    agencyCode: 'H61',
    agencyId: holderId,
  };
}

/** What a system reads through a consumer that the leaf remembers: the ids of the events that it gets in half a second. */
export async function readNext(connection: NatsConnection, consumer = 'ho-so'): Promise<string[]> {
  const manager = await jetstreamManager(connection);
  await manager.consumers.add('SLICE', { durable_name: consumer, ack_policy: AckPolicy.Explicit });
  const found = await jetstream(connection).consumers.get('SLICE', consumer);
  const messages: JsMsg[] = [];
  for (;;) {
    const before = messages.length;
    for await (const message of await found.fetch({ max_messages: 500, expires: 1_000 })) {
      messages.push(message);
      message.ack();
    }
    if (messages.length === before) break;
  }
  await connection.flush();
  return messages.map(({ headers }) => headers?.get('ce-id') ?? '');
}
