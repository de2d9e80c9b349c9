import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSigningKey } from '@lienthong/audit/signing-key';
import { type Caller, createLog, LOOPBACK_ONLY } from '@lienthong/kit';
import { type RestGateway, startRestGateway } from '@lienthong/rest-gateway';
import { type RunningServices, runTestServices, testStack } from '@lienthong/testkit';
import { services } from '../../src/services.ts';

export interface RestPlatform {
  running: RunningServices;
  gateway: RestGateway;
  /** Sends a request to the gateway. */
  send(path: string, init?: RequestInit): Promise<Response>;
  /** POST of JSON to a method of the contracts, `Service/Method` of the package. */
  post(method: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  bearer(caller: Caller): Promise<string>;
  stop(): Promise<void>;
}

/** All services, and the gateway before them as the one proxy that they trust. */
export async function startRestPlatform(env: Record<string, string> = {}): Promise<RestPlatform> {
  const stack = await testStack();
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-rest-'));
  const signingKey = join(folder, 'signing-key');
  await createSigningKey(signingKey, 'lienthong.test/audit');
  const running = await runTestServices(services, stack, {
    env: {
      LIENTHONG_SEALING_KEYS: `test:${randomBytes(32).toString('base64')}`,
      AUDIT_SIGNING_KEY: signingKey,
      TRUSTED_PROXIES: '127.0.0.1',
      ...env,
    },
  });
  const gateway = await startRestGateway({
    listen: '127.0.0.1:0',
    tls: LOOPBACK_ONLY,
    platform: { address: running.address },
    corsOrigins: [],
    connections: { CONNECTIONS: 1_000, CONNECTIONS_PER_ADDRESS: 1_000, TRUSTED_PROXIES: [] },
    log: createLog('rest-test', process.env.TEST_LOG_LEVEL ?? 'silent'),
  });
  const send = (path: string, init?: RequestInit) => fetch(`http://${gateway.address}${path}`, init);
  return {
    running,
    gateway,
    send,
    bearer: running.bearer,
    async stop() {
      await gateway.stop();
      await running.stop();
      await stack.close();
      rmSync(folder, { recursive: true, force: true });
    },
    post: (method, body, headers = {}) =>
      send(`/lienthong.${method}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  };
}
