import { DeliveryStatus, SteeringType, Urgency } from '@lienthong/contracts/routing';
import { decodePageToken, encodePageToken, enumField, field, manyOf } from '@lienthong/kit';
import { z } from 'zod';
import type { Filter, Place } from '../store/filter.ts';

export const pageFields = { pageSize: field.pageSize, pageToken: z.string() };

const filterSchema = z
  .object({
    statuses: manyOf(enumField(DeliveryStatus), 20),
    notYetArrived: z.boolean(),
    types: manyOf(field.text({ min: 1, max: 10 }), 50),
    urgencies: manyOf(enumField(Urgency), 10),
    steerings: manyOf(enumField(SteeringType), 10),
    sentFrom: z.date().optional(),
    sentTo: z.date().optional(),
    text: field.text({ max: 200 }),
  })
  .optional();

/** The list requests of inbox and outbox. */
export const listSchema = z.object({ filter: filterSchema, ...pageFields });

export function toFilter(given: z.output<typeof filterSchema>): Filter {
  return {
    statuses: [
      ...new Set<DeliveryStatus>([...(given?.statuses ?? []), ...(given?.notYetArrived ? [0 as const] : [])]),
    ],
    types: given?.types ?? [],
    urgencies: given?.urgencies ?? [],
    steerings: given?.steerings ?? [],
    sentFrom: given?.sentFrom,
    sentTo: given?.sentTo,
    text: given?.text ?? '',
  };
}

/** A list's kind, what its cursor looks like, and everything but the cursor that makes the list what it is. */
export interface Paging<C> {
  kind: string;
  cursor: z.ZodType<C>;
  filter: unknown;
}

export function cursorIn<C>({ kind, cursor, filter }: Paging<C>, token: string): C | undefined {
  const decoded = decodePageToken<unknown>(kind, token, filter);
  if (decoded === undefined) return undefined;
  const parsed = cursor.safeParse(decoded);
  if (parsed.success) return parsed.data;
  // The right list, but a cursor that none of its pages has given: refused as an unknown token is.
  return decodePageToken<C>(kind, 'AAAA', filter);
}

/** Cuts a result read with one row more than the page has. */
export function pageOf<R, C>(
  { kind, filter }: Paging<C>,
  rows: readonly R[],
  pageSize: number,
  cursorOf: (row: R) => C,
): { page: readonly R[]; nextPageToken: string } {
  const page = rows.slice(0, pageSize);
  const last = page.at(-1);
  const more = rows.length > pageSize && last !== undefined;
  return { page, nextPageToken: more ? encodePageToken(kind, cursorOf(last), filter) : '' };
}

const instantAndId = z.tuple([z.number().int(), field.uuid]);
type InstantAndId = z.output<typeof instantAndId>;

export const newestFirst = (kind: string, callerId: string, filter: Filter): Paging<InstantAndId> => ({
  kind,
  cursor: instantAndId,
  filter: [callerId, filter],
});

export const placeOf = (cursor: InstantAndId | undefined): Place | undefined =>
  cursor && { at: new Date(cursor[0]), id: cursor[1] };
