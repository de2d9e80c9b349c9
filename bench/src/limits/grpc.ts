import { createChannel, createClient } from 'nice-grpc';
import { HealthDefinition } from 'nice-grpc-server-health';
import { closedLoop } from '../load.ts';
import { startProcess } from '../process.ts';

/** Unary calls per second that carry nothing and do nothing, to a server process without middleware. */
export async function emptyCalls(callers: number, seconds: number): Promise<number> {
  const { line, stop } = await startProcess(new URL('./empty-server.ts', import.meta.url), /^(\d+)$/m, {});
  const channel = createChannel(`127.0.0.1:${line}`);
  try {
    const client = createClient(HealthDefinition, channel);
    await closedLoop(callers, 1, () => client.check({ service: '' }));
    return await closedLoop(callers, seconds, () => client.check({ service: '' }));
  } finally {
    channel.close();
    await stop();
  }
}
