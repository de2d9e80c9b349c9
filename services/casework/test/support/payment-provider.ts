import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { uuidv7 } from '@lienthong/kit';
import { signWebhook } from '@lienthong/outbound';

interface Created {
  id: string;
  amount: number;
  currency: string;
  description: string;
  return_url?: string;
  headers: IncomingHttpHeaders;
}

type Fault = 'silent' | 'drop' | { status: number; headers?: Record<string, string>; body?: string };

/** A payment provider over HTTP. */
export interface TestProvider {
  url: string;
  /** The requests to create a payment, in order. */
  created: Created[];
  /** The payments whose state was requested, in order. */
  checked: string[];
  /** What the provider knows of payments: it gives that when it is asked. */
  reports: Map<string, object>;
  /** When new links expire. */
  expiresAt: string | undefined;
  /** What it does instead of answering. */
  fault: Fault | undefined;
  /** False: requests for a payment's state, which a worker sends at any time, are answered without the fault. */
  faultOfChecks: boolean;
  /** Called with a request's method; it is answered when that is done. */
  before: (method: string) => Promise<void>;
  stop(): Promise<void>;
}

export async function startProvider(): Promise<TestProvider> {
  let links = 0;
  const reply = (response: ServerResponse, status: number, body: unknown, headers = {}) =>
    response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(typeof body === 'string' ? body : JSON.stringify(body));

  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>)).toString();
    if (method === 'POST') provider.created.push({ ...JSON.parse(body), headers });
    else provider.checked.push(url.slice(url.lastIndexOf('/') + 1));
    await provider.before(method);
    const fault = method === 'POST' || provider.faultOfChecks ? provider.fault : undefined;
    if (fault === 'silent') return;
    if (fault === 'drop') return void request.socket.destroy();
    if (fault) return void reply(response, fault.status, fault.body ?? '{}', fault.headers);
    if (method === 'GET') {
      const report = provider.reports.get(provider.checked.at(-1) ?? '');
      return void reply(response, report ? 200 : 404, report ?? {});
    }
    // Another link each time, so that a test sees which one the platform keeps.
    links += 1;
    const link = `https://pay.example.vn/p/${links}`;
    reply(response, 201, { url: link, ...(provider.expiresAt && { expires_at: provider.expiresAt }) });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const provider: TestProvider = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/payments`,
    created: [],
    checked: [],
    reports: new Map(),
    expiresAt: undefined,
    fault: undefined,
    faultOfChecks: true,
    before: async () => {},
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return provider;
}

/** What a provider reports of a payment that was made. */
export const paid = (id: string, amount: unknown = 75_000, more: object = {}) => ({
  id,
  status: 'paid',
  amount,
  currency: 'VND',
  reference: `FT-${id.slice(-6)}`,
  ...more,
});

/** A provider's call to `/payments`. */
export async function callBack(
  listen: string,
  secret: string,
  report: object | string,
  { at = new Date(), path = '/payments', method = 'POST', headers = {} } = {},
): Promise<{ status: number; body: Record<string, unknown> }> {
  const body = typeof report === 'string' ? report : JSON.stringify(report);
  const response = await fetch(`http://${listen}${path}`, {
    method,
    headers: { ...signWebhook([secret], uuidv7(), at, body), 'content-type': 'application/json', ...headers },
    ...(method === 'POST' && { body }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
