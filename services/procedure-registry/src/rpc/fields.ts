import type { Definition } from '@lienthong/contracts/registry';
import { type Context, field, invalid, principalOf, refuse } from '@lienthong/kit';
import { z } from 'zod';
import { MAX_DEFINITION_BYTES } from '../document/normalise.ts';
import { protoPlace } from '../document/places.ts';
import type { Deps } from './deps.ts';

/** A request with a definition in it; a larger one is refused with what is too large about it. */
export const WITH_DEFINITION = { maxBytes: 8 * MAX_DEFINITION_BYTES, maxValues: 60_000 };

/** A definition as it was sent; `normalForm` reads it. */
export const definition = z.custom<Definition>((given) => given !== undefined, {
  error: 'is required',
  params: { reason: 'FIELD_REQUIRED' },
});

/** A definition in its normal form. Refuses every fault of its form. */
export async function normalForm(given: Definition, context: Context, { pools }: Deps): Promise<Definition> {
  const normal = await pools.definitions.run(principalOf(context), 'normalise', given);
  if (normal.ok) return normal.definition;
  return refuse(
    invalid(
      normal.faults.map(({ path, reason, message }) => ({
        field: ['definition', protoPlace(path)].filter((part) => part !== '').join('.'),
        description: message,
        reason,
      })),
    ),
  );
}

/** Of the draft that the caller has read; 0: any. */
export const revision = z.int().min(0);

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
