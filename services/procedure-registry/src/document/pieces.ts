import { PROCEDURE_CODE } from '@lienthong/workflow';
import { z } from 'zod';

/** No control characters except line feeds; in a syntax that JSON Schema validators of every language read. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern excludes them
const PRINTABLE = /^[^\x00-\x09\x0b-\x1f\x7f-\x9f]*$/;

/** Text is normalised to NFC and trimmed before it is checked. */
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

/** Empty, or an address that a browser may be sent to. */
export const webAddress = text(500).refine((given) => given === '' || isWebAddress(given), {
  message: 'must be an address that begins with https://, without user and password',
  params: { reason: 'ADDRESS_INVALID' },
});

function isWebAddress(given: string): boolean {
  const url = URL.parse(given);
  return url?.protocol === 'https:' && url.username === '' && url.password === '';
}

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

export const procedureCode = z.string().regex(PROCEDURE_CODE);

/** A map with exactly one of the alternatives. JSON Schema checks the number of keys, the parser checks their names. */
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

/** Working days, hours or minutes of working time, or calendar days; none is converted into another. */
export const duration = oneOf(
  {
    days: z.number().multipleOf(0.5, 'must be whole or half').min(0).max(MAX_DAYS).optional(),
    calendar_days: z.int().min(0).max(MAX_DAYS).optional(),
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
  ['days', 'hours', 'minutes', 'calendar_days'],
).meta({
  id: 'duration',
  description:
    'Office days (0: within the day; 0.5: half a day), hours or minutes of office time, or calendar days.',
});

export const TIERS = ['ministry', 'province', 'department', 'district', 'commune'] as const;
export const tier = z.enum(TIERS);

const UUID = /^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$/;

const functionName = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
  .max(50);

/** A relation to the intake or competent agency, which survives reorganisations; or one agency. */
export const performer = z
  .union(
    [
      z.enum(['intake', 'competent']),
      oneOf(
        {
          ancestor: tier.optional(),
          function: functionName.optional(),
          competent_ancestor: tier.optional(),
          competent_function: functionName.optional(),
          agency_id: z.string().regex(UUID).toLowerCase().optional(),
        },
        ['ancestor', 'function', 'competent_ancestor', 'competent_function', 'agency_id'],
      ),
    ],
    'must be "intake", "competent", or a map with one of ancestor and competent_ancestor (a tier), function and competent_function (a name) and agency_id (a UUID)',
  )
  .meta({
    id: 'performer',
    description:
      '"intake": the agency that takes in. ancestor: the nearest agency of that tier above it. function: who holds it for its territory. "competent", competent_ancestor, competent_function: the same from the agency that solves the matter. agency_id: one agency.',
  });
