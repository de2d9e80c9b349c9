import { createChannel, createClient } from 'nice-grpc';
import { HealthDefinition } from 'nice-grpc-server-health';
import { closedLoop } from '../load.ts';
import { startProcess } from '../process.ts';
import { CONNECTIONS } from '../target.ts';

/** Unary calls per second that carry nothing and do nothing, to a server process without middleware. */
export async function emptyCalls(callers: number, seconds: number): Promise<number> {
  const { line, stop } = await startProcess(new URL('./empty-server.ts', import.meta.url), /^(\d+)$/m, {});
  const channels = Array.from({ length: CONNECTIONS }, () => createChannel(`127.0.0.1:${line}`));
  try {
    const clients = channels.map((channel) => createClient(HealthDefinition, channel));
    const call = (caller: number) =>
      (clients[caller % CONNECTIONS] as (typeof clients)[number]).check({ service: '' });
    await closedLoop(callers, 1, call);
    return await closedLoop(callers, seconds, call);
  } finally {
    for (const channel of channels) channel.close();
    await stop();
  }
}
