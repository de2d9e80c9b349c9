import { connectNats } from '@lienthong/kit';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';

const WINDOW = 1_000;

/** Acknowledged publishes per second, a window of them under way at a time. */
export async function jetstreamPublishes(url: string, seconds: number): Promise<number> {
  const nats = await connectNats({ url: url }, 'observer');
  const manager = await jetstreamManager(nats);
  await manager.streams.add({ name: 'LIMIT_PROBE', subjects: ['limit.probe'] });
  try {
    const js = jetstream(nats);
    const body = new Uint8Array(300);
    const start = performance.now();
    let published = 0;
    while (performance.now() - start < seconds * 1_000) {
      await Promise.all(Array.from({ length: WINDOW }, () => js.publish('limit.probe', body)));
      published += WINDOW;
    }
    return (published / (performance.now() - start)) * 1_000;
  } finally {
    await manager.streams.delete('LIMIT_PROBE');
    await nats.close();
  }
}
