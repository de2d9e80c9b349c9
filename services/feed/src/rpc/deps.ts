import { FeedServiceDefinition, Start } from '@lienthong/contracts/feed';
import {
  type Clock,
  type Context,
  type Database,
  enumField,
  instant,
  invalid,
  isUuid,
  manyOf,
  methodsWith,
  type Policy,
  refuse,
} from '@lienthong/kit';
import type { AgencyCache } from '@lienthong/reference-data';
import { z } from 'zod';
import { audienceOf } from '../domain/audience.ts';
import { isForFeeds } from '../domain/concerns.ts';
import { decodeCursor } from '../domain/cursor.ts';
import type { Hub } from '../live/hub.ts';
import { cursorTooOld } from '../refusals.ts';
import type { Head } from '../store/head.ts';

/** What the handlers work with. */
export interface Deps {
  db: Database;
  clock: Clock;
  agencies: AgencyCache;
  hub: Hub;
  maxStreams: number;
  streamMs: number;
  /** On the monotonic clock, in milliseconds. */
  now(): number;
}

export const { methods: Feed } = FeedServiceDefinition;
export const { query, download } = methodsWith<Deps>();

export const READS_FEED: Policy = { anyOf: ['clerk', 'officer', 'leader', 'system', 'admin'] };

/** Where to begin and what to read: the same for a stream and for a page. */
export const fromFields = {
  cursor: z.string().max(100),
  start: enumField(Start, Start.NOW),
  types: manyOf(
    z.string().superRefine((type, context) => {
      if (!isForFeeds(type))
        context.addIssue({
          code: 'custom',
          message: 'must be an event type, for example "lienthong.routing.v1.DeliverySent"',
          params: { reason: 'TYPE_UNKNOWN' },
        });
    }),
    100,
  ).transform((types) => (types.length === 0 ? undefined : types)),
};

/**
 * The ids whose events the caller reads; each call of the result uses the agencies of that day. An administrator without
 * an agency reads public events and drafts. Refuses: AGENCY_REQUIRED.
 */
export function readersOf({ agencies, clock }: Deps, { caller }: Context): () => readonly string[] {
  if (!isUuid(caller.agencyId) && !caller.roles.includes('admin'))
    return refuse({
      kind: 'permission-denied',
      reason: 'AGENCY_REQUIRED',
      message: 'this call needs a token that names an agency',
    });
  return () => audienceOf(caller, agencies, instant(clock).today);
}

/** The position after which the caller continues. Refuses: CURSOR_INVALID, CURSOR_TOO_OLD. */
export function startAt({ cursor, start }: { cursor: string; start: Start }, head: Head): number {
  if (cursor === '') return start === Start.OLDEST ? head.forgotten : head.seq;
  const seq = decodeCursor(head.id, cursor);
  // A cursor beyond the head was given before the database was restored from an older copy.
  if (seq === undefined || seq > head.seq) return refuse(cursorInvalid);
  return seq < head.forgotten ? refuse(cursorTooOld) : seq;
}

const cursorInvalid = invalid([
  {
    field: 'cursor',
    description:
      'does not belong to this feed; read the current state again, then begin with an empty cursor',
    reason: 'CURSOR_INVALID',
  },
]);
