import { freePort } from '@lienthong/embedded';
import type { Agency } from '../agencies.ts';
import { openHttpCaller } from '../http.ts';
import { closedLoop } from '../load.ts';
import { startProcess } from '../process.ts';
import type { Target } from '../target.ts';

const PATH = '/lienthong.routing.v1.DocumentRoutingService/ListInbox';
const PAGE = { pageSize: 10 };

/**
 * The same read by gRPC and through the REST gateway, in a process of its own, as JSON: calls per second.
 * @param callers each waits for its reply before it calls again
 */
export async function restCalls(
  target: Target,
  agencies: readonly Agency[],
  callers: number,
  seconds: number,
): Promise<{ grpc: number; rest: number }> {
  // Many agencies, so that no limit of one is reached.
  const chosen = Array.from({ length: callers }, (_, n) => agencies[n % agencies.length] as Agency);
  const clients = await Promise.all(chosen.map(({ id }) => target.as(id)));
  const tokens = await Promise.all(
    chosen.map(({ id }) => target.token({ agencyId: id, officerId: 'bench', roles: ['system'] })),
  );
  const byGrpc = (n: number) => (clients[n] as (typeof clients)[number]).listInbox(PAGE);
  await closedLoop(callers, 1, byGrpc);
  const grpc = await closedLoop(callers, seconds, byGrpc);

  const address = `127.0.0.1:${await freePort()}`;
  const gateway = await startProcess(
    new URL('../../../services/rest-gateway/src/main.ts', import.meta.url),
    /^REST (\S+)$/m,
    {
      REST_LISTEN: address,
      PLATFORM_ADDRESS: target.address,
      PLATFORM_TLS: 'false',
      METRICS_LISTEN: 'off',
      LOG_LEVEL: 'warn',
    },
  );
  const http = openHttpCaller(address, callers);
  try {
    const body = JSON.stringify(PAGE);
    const byRest = (n: number) => http.post(PATH, body, { authorization: `Bearer ${tokens[n]}` });
    await closedLoop(callers, 1, byRest);
    return { grpc, rest: await closedLoop(callers, seconds, byRest) };
  } finally {
    http.close();
    await gateway.stop();
  }
}
