import { z } from 'zod';

/** No control characters but line ends; written so that validators of the JSON Schema in any language can read it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is about
const PRINTABLE = /^[^\x00-\x09\x0b-\x1f\x7f-\x9f]*$/;

/** Text is brought to NFC and trimmed before anything is looked at; no halves of characters. */
export const text = (max: number) =>
  z
    .string()
    .normalize('NFC')
    .trim()
    .regex(PRINTABLE)
    .max(max)
    .refine((given) => given.isWellFormed(), {
      message: 'contains a lone surrogate (half a character)',
      params: { reason: 'FORMAT_INVALID' },
    });
export const requiredText = (max: number) => text(max).min(1);
export const texts = (max: number, most: number) => z.array(requiredText(max)).max(most).default([]);

/** Lower-case words joined by hyphens. */
export const key = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
  .max(60);
/** A name that CEL can write after `data.`. */
export const dataKey = z
  .string()
  .regex(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/)
  .max(60);

/** "1.001193" is national, "1.001612.000.00.00.H48" local. */
export const procedureCode = z.string().regex(/^\d\.\d{6}(\.\d{3}\.\d{2}\.\d{2}\.[A-Y]\d{2})?$/);

/**
 * A map with exactly one of the alternatives. JSON Schema checks the number of keys, the parser their names.
 */
export function oneOf<S extends z.ZodRawShape>(shape: S, alternatives: readonly (keyof S & string)[]) {
  const always = Object.keys(shape).length - alternatives.length;
  return z
    .strictObject(shape)
    .superRefine((value, context) => {
      const given = alternatives.filter((name) => (value as Record<string, unknown>)[name] !== undefined);
      if (given.length === 1) return;
      const names = alternatives.join(', ');
      const message =
        given.length === 0 ? `must have one of ${names}` : `must have one of ${names}, not ${given.length}`;
      context.addIssue({ code: 'custom', message, params: { reason: 'ONE_OF_REQUIRED' } });
    })
    .meta({ minProperties: always + 1, maxProperties: always + 1 });
}

const MAX_DAYS = 3650;

/** Office days, or hours or minutes of office time; they are not converted into each other. */
export const duration = oneOf(
  {
    days: z.int().min(0).max(MAX_DAYS).optional(),
    hours: z
      .int()
      .min(0)
      .max(MAX_DAYS * 8)
      .optional(),
    minutes: z
      .int()
      .min(0)
      .max(MAX_DAYS * 480)
      .optional(),
  },
  ['days', 'hours', 'minutes'],
).meta({
  id: 'duration',
  description: 'Office days (0: within the day), or hours or minutes of office time.',
});

export const TIERS = ['ministry', 'province', 'department', 'district', 'commune'] as const;
export const tier = z.enum(TIERS);

const UUID = /^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$/;

/** A relation to the agency that takes in, so that a reorganisation does not touch it; or one agency. */
export const performer = z
  .union(
    [
      z.literal('intake'),
      oneOf(
        {
          ancestor: tier.optional(),
          function: z
            .string()
            .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
            .max(50)
            .optional(),
          agency_id: z.string().regex(UUID).toLowerCase().optional(),
        },
        ['ancestor', 'function', 'agency_id'],
      ),
    ],
    'must be "intake", or a map with one of ancestor (a tier), function (a name) and agency_id (a UUID)',
  )
  .meta({
    id: 'performer',
    description:
      '"intake": the agency that takes in. ancestor: the nearest agency of that tier above it. function: who holds it for the territory. agency_id: one agency.',
  });
