import { openHttpCaller } from '../http.ts';
import { closedLoop } from '../load.ts';
import { startProcess } from '../process.ts';

/** Requests over HTTP per second that carry nothing and do nothing, to a server process without middleware. */
export async function emptyHttpCalls(callers: number, seconds: number): Promise<number> {
  const server = await startProcess(new URL('./empty-http-server.ts', import.meta.url), /^(\d+)$/m, {});
  const http = openHttpCaller(`127.0.0.1:${server.line}`, callers);
  try {
    const call = () => http.post('/', '{}', {});
    await closedLoop(callers, 1, call);
    return await closedLoop(callers, seconds, call);
  } finally {
    http.close();
    await server.stop();
  }
}
