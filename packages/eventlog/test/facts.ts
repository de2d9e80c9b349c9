import { DeliverPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { expect, vi } from 'vitest';
import { streamName } from '../src/index.ts';
import type { Fixture, Servers } from './fixture.ts';

/** Reads the servers, and checks what must hold at the end of every test. */

export interface LoggedEvent {
  position: number;
  eventId: string;
  tally: string;
  version: number;
}

export const readLog = ({ db }: Fixture): Promise<LoggedEvent[]> =>
  db.query({
    text: `select position, event_id as "eventId", aggregate_id as tally, version from event order by position`,
  });

export const readApplied = (
  { db }: Fixture,
  consumer: string,
): Promise<{ position: number; tally: string; version: number }[]> =>
  db.query({
    text: 'select position, aggregate_id as tally, version from applied where consumer = $1 order by id',
    values: [consumer],
  });

export const stream = ({ natsPrefix }: Pick<Servers, 'natsPrefix'>) => streamName(natsPrefix, 'directory');

export async function streamEnd({ nats }: Fixture, servers: Servers): Promise<number> {
  const jsm = await jetstreamManager(nats, { checkAPI: false });
  return (await jsm.streams.info(stream(servers))).state.last_seq;
}

export async function readStreamIds(
  one: Fixture,
  servers: Servers,
): Promise<{ position: number; eventId: string | undefined }[]> {
  const last = await streamEnd(one, servers);
  if (last === 0) return [];
  // A cluster whose servers have just met again may be without a leader for a moment.
  const consumer = await vi.waitFor(
    () => jetstream(one.nats).consumers.get(stream(servers), { deliver_policy: DeliverPolicy.All }),
    { timeout: 30_000, interval: 50 },
  );
  const messages = await consumer.consume();
  const found = [];
  for await (const message of messages) {
    found.push({ position: message.seq, eventId: message.headers?.get('ce-id') });
    if (message.seq === last) break;
  }
  await messages.close();
  return found;
}

/** Waits until every event is published and applied by the consumers. */
export async function waitUntilCaughtUp(
  one: Fixture,
  consumers: readonly string[],
  timeout = 30_000,
): Promise<void> {
  await vi.waitFor(
    async () => {
      const { log, consumers: cursors } = await one.log.operations.part.status();
      const total = (await readLog(one)).length;
      expect(log).toMatchObject({ halted: '', position: total, published: total });
      for (const name of consumers) expect(cursors.find((c) => c.name === name)?.cursor).toBe(total);
    },
    { timeout, interval: 50 },
  );
}

/**
 * Nothing lost, doubled or reordered: positions are gapless, versions are gapless and in position order per tally,
 * the message at sequence p is the event at position p, and each consumer has applied the log exactly once, in order.
 */
export async function expectWhole(
  one: Fixture,
  servers: Servers,
  consumers: readonly string[] = [],
): Promise<LoggedEvent[]> {
  const events = await readLog(one);
  expect(events.map((e) => e.position)).toEqual(events.map((_, i) => i + 1));
  expectVersions(events);
  expect(await readStreamIds(one, servers)).toEqual(
    events.map(({ position, eventId }) => ({ position, eventId })),
  );
  for (const name of consumers) {
    expect(await readApplied(one, name)).toEqual(
      events.map(({ position, tally, version }) => ({ position, tally, version })),
    );
  }
  return events;
}

/** Versions 1, 2, 3 … per tally, in the order given. */
export function expectVersions(events: readonly { tally: string; version: number }[]): void {
  const versions = Map.groupBy(events, (e) => e.tally);
  for (const of of versions.values()) expect(of.map((e) => e.version)).toEqual(of.map((_, i) => i + 1));
}

/** The commands acknowledged are in the log, each once, and nothing else is. */
export function expectAcknowledged(
  events: readonly LoggedEvent[],
  done: readonly { tally: string; reply: number; events?: number }[],
): void {
  const expected = done.flatMap(({ tally, reply, events: count = 1 }) =>
    Array.from({ length: count }, (_, i) => `${tally} ${reply - count + i + 1}`),
  );
  expect(events.map((e) => `${e.tally} ${e.version}`).sort()).toEqual(expected.sort());
}
