import { streamName } from '@lienthong/eventlog';
import { connectNats } from '@lienthong/kit';
import { DeliverPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { Agency } from '../agencies.ts';
import { openLoop, percentile, untilAdmitted } from '../load.ts';
import type { Target } from '../target.ts';
import { letter } from './documents.ts';

export interface EventLatency {
  p50: number;
  p99: number;
}

/** Milliseconds from the call to the recipient's event, at a fixed rate of calls. */
export async function eventLatency(
  target: Target,
  agencies: readonly Agency[],
  perSecond: number,
  seconds: number,
): Promise<EventLatency> {
  const nats = await connectNats({ url: target.natsUrl }, 'observer');
  const stream = streamName('lt', 'routing');
  const { state } = await (await jetstreamManager(nats)).streams.info(stream);
  const consumer = await jetstream(nats).consumers.get(stream, {
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: state.last_seq + 1,
    filter_subjects: ['lt.routing.delivery.sent.>'],
    headers_only: true,
  });
  const messages = await consumer.consume({ max_messages: 1_000 });
  const arrived = new Map<string, number>();
  const reading = (async () => {
    for await (const message of messages) {
      arrived.set(message.headers?.get('ce-subject') ?? '', performance.now());
    }
  })();

  const clients = await Promise.all(agencies.slice(0, 64).map(({ id }) => target.as(id)));
  const called = new Map<string, number>();
  const call = async (n: number) => {
    const start = performance.now();
    const recipient = agencies[(n * 7 + 3) % agencies.length] as Agency;
    const client = clients[n % clients.length] as (typeof clients)[number];
    const { deliveries } = await untilAdmitted(() => client.issueDocument(letter([recipient])));
    called.set(deliveries[0]?.deliveryId ?? '', start);
  };
  await openLoop(perSecond, 2, call);
  called.clear();
  await openLoop(perSecond, seconds, call);
  while ([...called.keys()].some((id) => !arrived.has(id)))
    await new Promise((resolve) => setTimeout(resolve, 20));
  await messages.close();
  await reading;
  await nats.close();
  const latencies = [...called].map(([id, start]) => (arrived.get(id) as number) - start);
  return { p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) };
}
