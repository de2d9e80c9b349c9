import { DeliveryStatus, SteeringType, Urgency } from '@lienthong/contracts/routing';
import { enumField, field, manyOf } from '@lienthong/kit';
import { z } from 'zod';
import type { Filter, Place } from '../store/filter.ts';

/** The filter of inbox and outbox. */
export const filter = z
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
  .optional()
  .transform(
    (given): Filter => ({
      // DeliveryStatus.UNSPECIFIED is the status of a delivery that has not arrived.
      statuses: [
        ...new Set<DeliveryStatus>([
          ...(given?.statuses ?? []),
          ...(given?.notYetArrived ? [NOT_ARRIVED] : []),
        ]),
      ],
      types: given?.types ?? [],
      urgencies: given?.urgencies ?? [],
      steerings: given?.steerings ?? [],
      sentFrom: given?.sentFrom,
      sentTo: given?.sentTo,
      text: given?.text ?? '',
    }),
  );

const NOT_ARRIVED = DeliveryStatus.UNSPECIFIED;

/** The cursor of a list that has the newest first. */
export const instantAndId = z.tuple([z.number().int(), field.uuid]);

export const placeOf = (cursor: z.output<typeof instantAndId> | undefined): Place | undefined =>
  cursor && { at: new Date(cursor[0]), id: cursor[1] };
