import { streamName } from '@lienthong/eventlog';
import { connectNats, type NatsAccess } from '@lienthong/kit';
import { type ConsumerMessages, DeliverPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';

/** Counts how often each delivery was announced as an event. */
export interface Watch {
  seen: ReadonlyMap<string, number>;
  /** The number of reroutes to a successor. */
  rerouted(): number;
  /** The position of the newest event that was read, and the number of events. */
  position(): number;
  read(): number;
  stop(): Promise<void>;
}

/** Reads every event of the routing log from now on, as a system that follows the stream would. */
export async function watchDeliveries(access: NatsAccess): Promise<Watch> {
  const nats = await connectNats(access, 'observer');
  const stream = streamName('lt', 'routing');
  const { state } = await (await jetstreamManager(nats)).streams.info(stream);
  const consumer = await jetstream(nats).consumers.get(stream, {
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: state.last_seq + 1,
  });
  const messages: ConsumerMessages = await consumer.consume();
  const seen = new Map<string, number>();
  let position = state.last_seq;
  let read = 0;
  let rerouted = 0;
  const reading = (async () => {
    for await (const message of messages) {
      position = message.seq;
      read += 1;
      const type = message.headers?.get('ce-type');
      if (type === 'lienthong.routing.v1.DeliveryRerouted') rerouted += 1;
      if (type !== 'lienthong.routing.v1.DeliverySent') continue;
      const id = message.headers?.get('ce-subject') ?? '';
      seen.set(id, (seen.get(id) ?? 0) + 1);
    }
  })();
  return {
    seen,
    rerouted: () => rerouted,
    position: () => position,
    read: () => read,
    async stop() {
      await messages.close();
      await reading;
      await nats.close();
    },
  };
}
