import { closedLoop } from '../load.ts';
import { startProcess } from '../process.ts';
import { openCaller } from '../unary.ts';

/** Unary calls per second that carry nothing and do nothing, to a server process without middleware. */
export async function emptyCalls(callers: number, seconds: number): Promise<number> {
  const { line, stop } = await startProcess(new URL('./empty-server.ts', import.meta.url), /^(\d+)$/m, {});
  const caller = openCaller(`127.0.0.1:${line}`);
  try {
    const calls = Array.from({ length: callers }, () => caller.empty('/grpc.health.v1.Health/Check'));
    const call = (n: number) => (calls[n] as () => Promise<void>)();
    await closedLoop(callers, 1, call);
    return await closedLoop(callers, seconds, call);
  } finally {
    caller.close();
    await stop();
  }
}
