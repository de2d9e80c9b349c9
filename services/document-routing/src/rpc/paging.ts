import { DeliveryStatus, SteeringType, Urgency } from '@lienthong/contracts/routing';
import { enumField, field, manyOf, type Paging, pageFields } from '@lienthong/kit';
import { z } from 'zod';
import type { Filter, Place } from '../store/filter.ts';

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

const instantAndId = z.tuple([z.number().int(), field.uuid]);
type InstantAndId = z.output<typeof instantAndId>;

export const newestFirst = (kind: string, callerId: string, filter: Filter): Paging<InstantAndId> => ({
  kind,
  cursor: instantAndId,
  filter: [callerId, filter],
});

export const placeOf = (cursor: InstantAndId | undefined): Place | undefined =>
  cursor && { at: new Date(cursor[0]), id: cursor[1] };
