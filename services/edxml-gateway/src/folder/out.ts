import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LienThongError, Status } from '@lienthong/client';
import { DeliveryState, DeliveryStatus } from '@lienthong/contracts/routing';
import { type EdxmlPackage, PackageNotWritable, writePackage } from '@lienthong/edxml';
import { requestIdOf } from '../request-id.ts';
import { FOLLOWED, outgoingOf } from '../send/outgoing.ts';
import type { SystemDeps } from '../system.ts';
import { pathIn, writeWhole } from './files.ts';

/** How far the feed was followed, and the package that this place has; `name` is '' for none. */
interface Place {
  cursor: string;
  name: string;
  deliveryId: string;
}

const PLACE = 'cursor.json';
const HEARTBEAT_MS = 60_000;

/**
 * Follows the feed of the agency and puts a package into `out` for each event that concerns its system. A package is first
 * written to `state`, then the place in the feed is kept, then the package is renamed into `out`: whenever the process is
 * killed, each package reaches `out` once. Yields 1 for each; ends when the signal aborts.
 */
export async function* handOutPackages(deps: SystemDeps, signal: AbortSignal): AsyncGenerator<number> {
  const { system, client } = deps;
  const place = await resume(deps);
  let keeping: Promise<void> = Promise.resolve();
  const keep = (reached: Place): Promise<void> => {
    keeping = keeping.then(() => writeWhole(pathIn(system, 'state', PLACE), JSON.stringify(reached)));
    return keeping;
  };
  const events = client.follow({
    ...(place ? { cursor: place.cursor } : { fromOldest: true }),
    types: FOLLOWED,
    heartbeatMs: HEARTBEAT_MS,
    signal,
    // Where events are rare, the place of the last one would be too old one day. The next event meets its error.
    onHeartbeat: (cursor) => void keep({ cursor, name: '', deliveryId: '' }).catch(() => {}),
  });
  for await (const event of events) {
    const outgoing = await outgoingOf(event, deps);
    const written = outgoing && write(outgoing.edxml, event.id, deps);
    const bytes = written && (await deps.envelopes.sign(written, deps.system));
    const name = bytes ? `${event.id}.edxml` : '';
    if (bytes) await writeWhole(pathIn(system, 'state', name), bytes);
    const reached: Place = { cursor: event.cursor, name, deliveryId: outgoing?.arrives ?? '' };
    await keep(reached);
    if (!bytes) continue;
    await handOut(reached, deps);
    yield 1;
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

/** The kept place, after the package that it has is handed out. Packages without a kept place are made again. */
async function resume(deps: SystemDeps): Promise<Place | undefined> {
  const { system } = deps;
  const kept = await readFile(pathIn(system, 'state', PLACE), 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  const place = kept === undefined ? undefined : (JSON.parse(kept) as Place);
  for (const file of await readdir(join(system.folder, 'state')))
    if (file === place?.name) await handOut(place, deps);
    else if (file !== PLACE) await rm(pathIn(system, 'state', file));
  return place;
}

/** A document whose signatures turn out not to be valid goes back to its sender instead. */
async function handOut({ name, deliveryId }: Place, deps: SystemDeps): Promise<void> {
  const { system, log } = deps;
  const kept = pathIn(system, 'state', name);
  if (deliveryId !== '' && !(await reportArrival(deliveryId, deps))) {
    log.warn({ system: system.name, delivery: deliveryId }, 'document was refused on arrival');
    await rm(kept);
    return;
  }
  await rename(kept, pathIn(system, 'out', name));
}

/** True when the delivery is in the agency's hands. */
async function reportArrival(deliveryId: string, { client }: SystemDeps): Promise<boolean> {
  const { delivery } = await client.routing.getDelivery({ deliveryId });
  if (delivery?.status !== DeliveryStatus.UNSPECIFIED) return delivery?.state !== DeliveryState.REFUSED;
  const report = {
    deliveryId,
    status: DeliveryStatus.ARRIVED,
    requestId: requestIdOf('arrived', deliveryId),
  };
  try {
    const reported = await client.routing.reportStatus(report);
    return reported.delivery?.status === DeliveryStatus.ARRIVED;
  } catch (error) {
    // Somebody of the agency has reported a status meanwhile, or the sender has taken the document back.
    const isPassed = error instanceof LienThongError && error.code === Status.FAILED_PRECONDITION;
    const isWithdrawn = error instanceof LienThongError && error.code === Status.NOT_FOUND;
    if (isWithdrawn) return false;
    if (isPassed) return true;
    throw error;
  }
}
