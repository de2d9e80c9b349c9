import { decodeEvent, type EventSource } from '@lienthong/contracts/events';
import type pg from 'pg';
import { readBounds } from '../relay/read-log.ts';
import { hasHole } from '../relay/relay.ts';
import type { EventStream } from '../wire/stream.ts';
import { lastCommonPosition } from './last-common.ts';
import { type LostEvent, readLostEvents } from './lost-events.ts';
import type { ServiceDatabase, SourceLog } from './source-log.ts';
import { isWithdrawal } from './withdrawal.ts';

/** How far a consumer has applied the events of a source. */
export interface ConsumerPosition {
  service: string;
  consumer: string;
  position: number;
}

/** How a log and its stream differ, and what makes them agree. */
export interface SourcePlan {
  source: EventSource;
  /** The position of the log's newest event. */
  head: number;
  /** The position of the stream's newest event; 0: none. */
  streamEnd: number;
  /** Up to here nothing of the log is lost. */
  kept: number;
  /** What was published after `kept` and the log does not have; each keeps its position, under which nothing else comes. */
  lost: readonly LostEvent[];
  /** Events that the log has after `kept`, from after its restore; they get later positions. */
  moved: number;
  /** Whether the stream holds what the log does not, and so must be made again. */
  rebuild: boolean;
  /** Events to publish: those that the stream lacks, or all when it must be made again. */
  toPublish: number;
  consumers: readonly ConsumerPosition[];
  /** Those of `consumers` that have applied lost events. */
  ahead: readonly ConsumerPosition[];
}

export const isNeeded = ({ toPublish }: SourcePlan): boolean => toPublish > 0;

/** @throws when a stranger published to the stream */
export async function planSource(
  { source, stream }: SourceLog,
  connection: pg.Client,
  services: readonly ServiceDatabase[],
): Promise<SourcePlan> {
  // In this order each is at most as far as the next one, also while services run.
  const consumers = await consumersOf(source, services);
  const state = await stream.state();
  const bounds = await readBounds(connection);
  const { first, last: head } = bounds;
  const streamEnd = state?.lastSeq ?? 0;
  const common = state && streamEnd > 0 ? await lastCommonPosition(connection, stream, state, bounds) : 0;
  const rebuild = streamEnd > common;
  // Where an earlier run was interrupted, the log has the withdrawals already.
  const forked = rebuild && !(await isWithdrawnAt(connection, stream, common + 1));
  const kept = forked ? common : head;
  const ahead = consumers.filter(({ position }) => position > kept);
  const lastUsed = Math.max(forked ? streamEnd : head, ...ahead.map(({ position }) => position));
  const lost = await readLostEvents(stream, kept + 1, lastUsed, streamEnd);
  const whole = rebuild || streamEnd < first || (state !== undefined && hasHole(state, first));
  const withdrawals = lost.length * (ahead.length > 0 ? 2 : 1);
  return {
    source,
    head,
    streamEnd,
    kept,
    lost,
    moved: head - kept,
    rebuild,
    toPublish: withdrawals + (whole ? head - first + 1 : head - streamEnd),
    consumers,
    ahead,
  };
}

async function isWithdrawnAt(connection: pg.Client, stream: EventStream, position: number): Promise<boolean> {
  const { rows } = await connection.query<{ type: string; payload: Buffer }>(
    'select type, payload from event where position = $1',
    [position],
  );
  const [{ type, payload } = { type: '', payload: Buffer.of() }] = rows;
  if (!isWithdrawal(type)) return false;
  return decodeEvent(type, payload).withdrawal?.eventId === (await stream.messageAt(position))?.eventId;
}

/** Consumers of a source in all services. */
async function consumersOf(
  source: EventSource,
  services: readonly ServiceDatabase[],
): Promise<ConsumerPosition[]> {
  const found = await Promise.all(
    services.map(async ({ name, db }) => {
      const rows = await db.query<{ consumer: string; position: number }>({
        text: 'select name as consumer, position from consumer_cursor where source = $1 order by name',
        values: [source],
      });
      return rows.map((row) => ({ service: name, ...row }));
    }),
  );
  return found.flat();
}
