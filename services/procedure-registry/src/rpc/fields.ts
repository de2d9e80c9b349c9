import type { Definition } from '@lienthong/contracts/registry';
import { field } from '@lienthong/kit';
import { z } from 'zod';
import { MAX_DEFINITION_BYTES, normalise } from '../document/normalise.ts';
import { protoPlace } from '../document/places.ts';

/** A request with a definition in it; a larger one is refused with what is too large about it. */
export const WITH_DEFINITION = { maxBytes: 8 * MAX_DEFINITION_BYTES, maxValues: 60_000 };

/** A definition in its normal form, or every fault of form. */
export const definition = z.custom<Definition | undefined>().transform((given, context): Definition => {
  if (given === undefined) {
    context.addIssue({ code: 'custom', message: 'is required', params: { reason: 'FIELD_REQUIRED' } });
    return z.NEVER;
  }
  const normal = normalise(given);
  if (normal.ok) return normal.definition;
  for (const { path, reason, message } of normal.faults) {
    const place = protoPlace(path);
    context.addIssue({ code: 'custom', message, params: { reason }, path: place === '' ? [] : [place] });
  }
  return z.NEVER;
});

/** The decision by which a change takes effect. */
export const decision = z
  .custom<object>((given) => given !== undefined, {
    error: 'is required: the decision by which this takes effect',
    params: { reason: 'DECISION_REQUIRED' },
  })
  .pipe(
    z.object({
      number: field.text({ min: 1, max: 50 }),
      decidedOn: field.date,
      signerName: field.text({ min: 1, max: 100 }),
      signerPosition: field.text({ min: 1, max: 100 }),
    }),
  );
