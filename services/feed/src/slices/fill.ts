import type { LeafStream, SliceEvent } from '@lienthong/eventlog';
import { type Clock, type Database, type Logger, pause, vietnamDate } from '@lienthong/kit';
import { type AgencyCache, hasEnded } from '@lienthong/reference-data';
import { audienceOf } from '../domain/audience.ts';
import { decodeCursor, encodeCursor } from '../domain/cursor.ts';
import { type FollowItem, followEvents } from '../live/follow.ts';
import type { Hub } from '../live/hub.ts';
import { type Head, readHead } from '../store/head.ts';
import type { EventRow } from '../store/rows.ts';
import { batchesOf } from './batches.ts';
import { type Place, readPlace, writePlace } from './place.ts';

/** What is sent before the leaf's acknowledgement is waited for; a few seconds of a poor line. */
const BATCH_EVENTS = 100;
const BATCH_BYTES = 64 * 1024;
const HEARTBEAT_MS = 10_000;
const NOTE_MS = 600_000;
const MAX_PAUSE_MS = 5_000;

export interface SliceDeps {
  db: Database;
  hub: Hub;
  agencies: AgencyCache;
  clock: Clock;
  log: Logger;
  stream: LeafStream;
  agencyId: string;
  maxBytes: number;
  /** On the monotonic clock. */
  now(): number;
}

export interface SliceStatus {
  /** When the oldest event happened that the leaf lacks, or since when it cannot be reached. */
  behindSince: Date | undefined;
  /** Why an operator has to act; '' otherwise. */
  halted: string;
}

/** Feed and leaf disagree in a way that only an operator can resolve. */
class Halt extends Error {}

/**
 * Keeps the slice of an agency filled until the signal aborts. What the stream holds at its leaf says where to go on, and
 * the server takes an event only behind the one before it: each event is there once and in order.
 */
export async function fillSlice(deps: SliceDeps, status: SliceStatus, signal: AbortSignal): Promise<void> {
  const { agencyId, clock, log } = deps;
  let failures = 0;
  const reached = () => {
    if (failures > 0) log.info({ agency: agencyId }, 'the leaf node is reached again');
    failures = 0;
    status.halted = '';
  };
  while (!signal.aborted) {
    try {
      await follow(deps, status, signal, reached);
    } catch (err) {
      if (signal.aborted) return;
      failures += 1;
      status.behindSince ??= clock.now();
      if (err instanceof Halt) {
        if (status.halted !== err.message) log.error({ agency: agencyId }, err.message);
        status.halted = err.message;
      } else if (failures === 2)
        log.warn({ err, agency: agencyId }, 'the leaf node does not take its events; retrying');
      await pause(Math.min(100 * 2 ** failures, MAX_PAUSE_MS), signal);
    }
  }
}

/** Follows the feed as a client would, from where the slice ends. */
async function follow(
  deps: SliceDeps,
  status: SliceStatus,
  signal: AbortSignal,
  reached: () => void,
): Promise<void> {
  const { db, hub, stream, agencyId, now } = deps;
  const head = await readHead(db);
  await deps.agencies.refresh(db);
  const place = await findPlace(deps, head);
  reached();
  let notedAt = Number.NEGATIVE_INFINITY;
  const leaving = new AbortController();
  const follower = hub.enter(() => audienceToday(deps), undefined, Number.POSITIVE_INFINITY);
  try {
    const after = place.seq;
    const items = followEvents({
      db,
      hub,
      follower,
      after,
      types: undefined,
      heartbeatMs: HEARTBEAT_MS,
      signal: AbortSignal.any([signal, leaving.signal]),
      now,
    });
    const limits = { items: BATCH_EVENTS, size: BATCH_BYTES, sizeOf };
    for await (const batch of batchesOf(items, limits)) {
      const events = batch.flatMap((item) => ('event' in item ? [item.event] : []));
      if (events.length > 0) {
        status.behindSince = events[0]?.occurred_at;
        await stream.append(
          events.map((event) => toSliceEvent(head.id, event)),
          place.streamSeq,
        );
        place.streamSeq += events.length;
      }
      place.seq = positionOf(batch.at(-1) as FollowItem);
      status.behindSince = undefined;
      if (events.length < batch.length && now() - notedAt > NOTE_MS) {
        await writePlace(db, agencyId, place);
        notedAt = now();
      }
    }
  } catch (error) {
    if (follower.ending === undefined) throw error;
    // The process stops.
    await pause(MAX_PAUSE_MS, signal);
  } finally {
    leaving.abort();
    follower.leave();
  }
}

/** An agency that ended gets nothing more: its successor's slice has its events. */
function audienceToday({ agencies, agencyId, clock }: SliceDeps): readonly string[] {
  const today = vietnamDate(clock.now());
  const agency = agencies.get(agencyId);
  return agency === undefined || hasEnded(agency, today)
    ? []
    : audienceOf({ agencyId, roles: ['system'] }, agencies, today);
}

/**
 * Where the slice ends; makes the stream when the leaf has none.
 * @throws Halt when the stream is not of this feed, or lacks events that the feed no longer has
 */
async function findPlace(
  { db, agencies, stream, agencyId, maxBytes }: SliceDeps,
  head: Head,
): Promise<Place> {
  if (agencies.get(agencyId) === undefined)
    throw new Error(`FEED_SLICES names ${agencyId}, and the directory has no such agency`);
  const end = await stream.end();
  if (end === undefined) await stream.create(maxBytes);
  if (end === undefined || end.seq === 0) return { streamSeq: 0, seq: head.forgotten };
  const last = decodeCursor(head.id, end.cursor ?? '');
  if (last === undefined || last > head.seq)
    throw new Halt(`the slice of ${agencyId} ends with an event that this feed does not have; ${REMEDY}`);
  const noted = await readPlace(db, agencyId);
  const seq = noted?.streamSeq === end.seq ? Math.max(last, noted.seq) : last;
  if (seq < head.forgotten)
    throw new Halt(`the slice of ${agencyId} lacks events that are not kept any more; ${REMEDY}`);
  return { streamSeq: end.seq, seq };
}

const REMEDY =
  'delete the stream SLICE at the leaf node, and it is filled again with all events that are still kept';

const sizeOf = (item: FollowItem): number => ('event' in item ? item.event.payload.length : BATCH_BYTES);
const positionOf = (item: FollowItem): number => ('event' in item ? item.event.seq : item.heartbeat);

const toSliceEvent = (feedId: string, { seq, version, occurred_at, ...event }: EventRow): SliceEvent => ({
  ...event,
  version: String(version),
  occurred_at: occurred_at.toISOString(),
  // The feed does not keep it: the slice has one agency.
  agency_id: '',
  cursor: encodeCursor(feedId, seq),
});
