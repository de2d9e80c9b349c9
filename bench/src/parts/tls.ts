/**
 * What TLS 1.3 adds to a call, to a new connection and to a statement (docs/adr/0034), client and server together:
 * `node bench/src/parts/tls.ts`.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { developmentAuthority, startStack } from '@lienthong/embedded';
import {
  createLog,
  developmentIssuer,
  LOOPBACK_ONLY,
  openDatabase,
  openListenTls,
  runServices,
  tokenVerifier,
} from '@lienthong/kit';
import { ChannelCredentials, createChannel, createClient } from 'nice-grpc';
import { HealthDefinition } from 'nice-grpc-server-health';

const ROUNDS = 5;
const CALLS = 2_000;
const CONNECTIONS = 100;
const TRANSACTIONS = 500;

const folder = mkdtempSync(join(tmpdir(), 'lienthong-tls-'));
const authority = await developmentAuthority(join(folder, 'tls'));
const log = createLog('bench', 'silent');
const issuer = await developmentIssuer();
const files = { TLS_CERT_FILE: authority.certFile, TLS_KEY_FILE: authority.keyFile, TLS_AT_PROXY: false };
const tls = await openListenTls(files, log);
const ca = readFileSync(authority.caFile);
const context = createSecureContext({ ca, minVersion: 'TLSv1.3' });

const ways = await Promise.all(
  [
    { name: 'plain', listenTls: LOOPBACK_ONLY, credentials: ChannelCredentials.createInsecure() },
    { name: 'TLS 1.3', listenTls: tls, credentials: ChannelCredentials.createFromSecureContext(context) },
  ].map(async ({ name, listenTls, credentials }) => {
    // No service: only health is called.
    const server = await runServices([], {
      database: () => ({ url: '' }),
      nats: () => ({ url: '' }),
      listen: '127.0.0.1:0',
      tls: listenTls,
      verifyToken: tokenVerifier([issuer.trusted]),
      log,
      env: { RATE_PER_ADDRESS: '1000000', COST_LIMIT_PER_ADDRESS: '1000' },
    });
    const dataDir = join(folder, name);
    const stack = await startStack({ dataDir, ...(name === 'plain' ? {} : { tls: authority }) });
    const url = stack.databaseUrl;
    const db = openDatabase({ url, schema: 'public', connections: 1, onError: console.error });
    const address = server.address.replace('127.0.0.1', 'localhost');
    const open = () =>
      // The option keeps grpc-js from sharing one connection between the channels.
      createChannel(address, credentials, { 'grpc.use_local_subchannel_pool': 1 });
    const held = open();
    const health = createClient(HealthDefinition, held);
    return {
      name,
      parts: {
        call: { count: CALLS, run: () => health.check({ service: '' }), at: 20 },
        connection: {
          count: CONNECTIONS,
          at: 1,
          async run() {
            const channel = open();
            await createClient(HealthDefinition, channel).check({ service: '' });
            channel.close();
          },
        },
        transaction: {
          count: TRANSACTIONS,
          at: 1,
          run: () => db.transaction((tx) => tx.query({ name: 'one', text: 'select 1' })),
        },
      },
      async stop() {
        held.close();
        await db.close();
        await server.stop();
        await stack.stop();
      },
    };
  }),
);

const spent = new Map<string, number[]>();
// Turn by turn, so that a busy moment of the machine falls on both.
for (let round = 0; round <= ROUNDS; round += 1)
  for (const { name, parts } of ways)
    for (const [part, { count, at, run }] of Object.entries(parts)) {
      const before = process.cpuUsage();
      await Promise.all(
        Array.from({ length: at }, async () => {
          for (let n = 0; n < count / at; n += 1) await run();
        }),
      );
      const { user, system } = process.cpuUsage(before);
      // The first round warms up.
      if (round > 0)
        spent.set(`${part}, ${name}`, [...(spent.get(`${part}, ${name}`) ?? []), (user + system) / count]);
    }
for (const [what, micros] of [...spent].sort(([a], [b]) => a.localeCompare(b)))
  console.log(`${what}: ${micros.sort((a, b) => a - b)[ROUNDS >> 1]?.toFixed(0)} µs of processor time`);

for (const way of ways) await way.stop();
tls.certificate?.close();
authority.close();
rmSync(folder, { recursive: true });
