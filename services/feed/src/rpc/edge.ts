import { isEventType } from '@lienthong/contracts/events';
import { Start } from '@lienthong/contracts/feed';
import {
  type CallInfo,
  type Clock,
  type Database,
  enumField,
  instant,
  invalid,
  isUuid,
  manyOf,
  type Policy,
  refuse,
} from '@lienthong/kit';
import type { AgencyCache } from '@lienthong/reference-data';
import { z } from 'zod';
import { audienceOf } from '../domain/audience.ts';
import { decodeCursor } from '../domain/cursor.ts';
import type { Hub } from '../live/hub.ts';
import { cursorTooOld } from '../refusals.ts';
import type { Head } from '../store/head.ts';

/** What the handlers share. */
export interface Edge {
  db: Database;
  clock: Clock;
  agencies: AgencyCache;
  hub: Hub;
  maxStreams: number;
  streamMs: number;
  /** On the monotonic clock, in milliseconds. */
  now(): number;
}

export const READS_FEED: Policy = { anyOf: ['clerk', 'officer', 'leader', 'system', 'admin'] };

/** Where to begin and what to read: the same for a stream and for a page. */
export const fromFields = {
  cursor: z.string().max(100),
  start: enumField(Start, Start.NOW),
  types: manyOf(
    z.string().superRefine((type, context) => {
      if (!isEventType(type))
        context.addIssue({
          code: 'custom',
          message: 'is no type of event, such as "lienthong.routing.v1.DeliverySent"',
          params: { reason: 'TYPE_UNKNOWN' },
        });
    }),
    100,
  ).transform((types) => (types.length === 0 ? undefined : types)),
};

/** Whose events the caller reads, today. Administrators of no agency read what is public, and drafts. */
export function readerOf(edge: Edge, { principal }: Pick<CallInfo, 'principal'>): () => readonly string[] {
  if (!isUuid(principal.agencyId) && !principal.roles.includes('admin'))
    return refuse({
      kind: 'permission-denied',
      reason: 'AGENCY_REQUIRED',
      message: 'this call needs a token of an agency',
    });
  return () => audienceOf(principal, edge.agencies, instant(edge.clock).today);
}

/** The event after which a caller wants to go on. Refused: CURSOR_INVALID, CURSOR_TOO_OLD. */
export function startAt({ cursor, start }: { cursor: string; start: Start }, head: Head): number {
  if (cursor === '') return start === Start.OLDEST ? head.forgotten : head.seq;
  const seq = decodeCursor(head.id, cursor);
  // Beyond the head: given by this feed before its database was restored from an older copy.
  if (seq === undefined || seq > head.seq) return refuse(cursorInvalid);
  return seq < head.forgotten ? refuse(cursorTooOld) : seq;
}

const cursorInvalid = invalid([
  {
    field: 'cursor',
    description: 'is none of this feed; read what you need anew, then begin with an empty cursor',
    reason: 'CURSOR_INVALID',
  },
]);
