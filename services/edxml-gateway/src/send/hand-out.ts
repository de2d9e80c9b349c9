import { rm } from 'node:fs/promises';
import { type EdxmlPackage, PackageNotWritable, writePackage } from '@lienthong/edxml';
import { COPIES } from '../memory.ts';
import { createQueue } from '../queue.ts';
import type { SystemDeps } from '../system.ts';
import { createTurns } from '../turns.ts';
import { reportArrival } from './arrival.ts';
import { type Kept, type Outbox, openOutbox } from './outbox.ts';
import { FOLLOWED, outgoingOf, type RoutingEvent } from './outgoing.ts';

/** How many packages are made at once, and how many may wait for the system. */
const AT_ONCE = 32;
const HEARTBEAT_MS = 60_000;

/** An event, or a heartbeat: where events are rare, the place of the last one would be too old one day. */
interface Followed {
  cursor: string;
  event?: RoutingEvent;
}

/**
 * Follows the feed of the agency and gives its system a package for each event that concerns it. A package is first written
 * to `state`, then the place in the feed is kept with it, then it is handed out: whenever the process is killed, none is
 * lost. Packages of one document are handed out in the order of the feed. Yields the number of those that were kept; ends
 * when the signal aborts.
 */
export async function* handOutPackages(deps: SystemDeps, signal: AbortSignal): AsyncGenerator<number> {
  const outbox = await openOutbox(deps.system);
  const failed = new AbortController();
  const ending = AbortSignal.any([signal, failed.signal]);
  const queue = createQueue<Followed>(AT_ONCE);
  const running = new Set<Promise<void>>();
  const turns = createTurns();

  function begin(kept: Kept): void {
    const work: Promise<void> = turns
      .take([kept.document], () => handOut(kept, outbox, deps, ending))
      .catch((error) => failed.abort(error))
      .finally(() => running.delete(work));
    running.add(work);
  }

  const following = followInto(queue, outbox.cursor, deps, ending).catch((error) =>
    queue.fail(ending.aborted ? ending.reason : error),
  );
  try {
    outbox.before.forEach(begin);
    while (true) {
      const batch = await queue.next();
      const made = await Promise.all(batch.map(({ event }) => event && make(event, outbox, deps)));
      const kept = made.filter((one) => one !== undefined);
      await outbox.keep(batch.at(-1)?.cursor ?? '', kept);
      kept.forEach(begin);
      yield kept.length;
      while (running.size >= AT_ONCE && !ending.aborted) await Promise.race(running);
      ending.throwIfAborted();
    }
  } finally {
    failed.abort();
    // Following may wait for room.
    queue.fail(ending.reason);
    await Promise.all([following, ...running]);
  }
}

async function followInto(
  queue: ReturnType<typeof createQueue<Followed>>,
  cursor: string | undefined,
  { client }: SystemDeps,
  signal: AbortSignal,
): Promise<void> {
  const events = client.follow({
    ...(cursor === undefined ? { fromOldest: true } : { cursor }),
    types: FOLLOWED,
    heartbeatMs: HEARTBEAT_MS,
    signal,
    onHeartbeat: (reached) => void queue.add({ cursor: reached }),
  });
  for await (const event of events) await queue.add({ cursor: event.cursor, event });
}

/** The package that the event becomes, written but not yet kept; undefined when it becomes none. */
async function make(event: RoutingEvent, outbox: Outbox, deps: SystemDeps): Promise<Kept | undefined> {
  const outgoing = await outgoingOf(event, deps);
  if (outgoing === undefined) return undefined;
  const release = await deps.memory.hold(COPIES * outgoing.sizeBytes);
  try {
    const edxml = await outgoing.make();
    const written = write(edxml, event.id, deps);
    if (written === undefined) return undefined;
    await outbox.write(event.id, await deps.envelopes.sign(written, deps.system));
    return {
      id: event.id,
      kind: edxml.kind,
      document: edxml.kind === 'status' ? edxml.responseFor.documentId : edxml.documentId,
      deliveryId: outgoing.arrives,
    };
  } finally {
    release();
  }
}

/** Undefined for what no package can say: it stays in the inbox of the platform, and must not hold up the others. */
function write(edxml: EdxmlPackage, eventId: string, { system, log }: SystemDeps): Buffer | undefined {
  try {
    return writePackage(edxml);
  } catch (err) {
    if (!(err instanceof PackageNotWritable)) throw err;
    log.error({ err, system: system.name, event: eventId }, 'cannot be written as a package; see the inbox');
    return undefined;
  }
}

/** A document whose signatures turn out not to be valid goes back to its sender instead; one that was taken back is dropped. */
async function handOut(kept: Kept, outbox: Outbox, deps: SystemDeps, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { id, kind, deliveryId } = kept;
  const path = outbox.pathOf(id);
  if (deliveryId === '' || (await reportArrival(deliveryId, deps))) {
    await deps.transport.give({ id, kind, path }, signal);
  } else {
    deps.log.warn(
      { system: deps.system.name, delivery: deliveryId },
      'document was refused on arrival, or taken back',
    );
    await rm(path);
  }
  outbox.forget(id);
}
