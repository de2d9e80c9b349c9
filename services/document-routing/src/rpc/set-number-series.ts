import { field, type Policy } from '@lienthong/kit';
import { z } from 'zod';
import { command, Routing } from './deps.ts';
import { notationField } from './issue-request.ts';

const MAX_NUMBER = 99_999_999_999n;

/** A number series is kept by the agency's own officers, not by its systems. */
const KEEPS_REGISTERS: Policy = { anyOf: ['clerk', 'leader'], ofAgency: true };

export const setNumberSeries = command(Routing.setNumberSeries, {
  policy: KEEPS_REGISTERS,
  request: z.object({
    year: z.number().int().min(1900, 'must be from 1900 to 2200').max(2200, 'must be from 1900 to 2200'),
    notation: notationField,
    nextNumber: z
      .bigint()
      .min(1n, 'must be at least 1')
      .max(MAX_NUMBER, `must be at most ${MAX_NUMBER}`)
      .transform(Number),
    reason: field.text({ min: 1, max: 500 }),
  }),
  command: (request, { caller, now, today }) => ({
    kind: 'set-series',
    now,
    today,
    callerId: caller.agencyId,
    officerId: caller.officerId,
    ...request,
  }),
});
