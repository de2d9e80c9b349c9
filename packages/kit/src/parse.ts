import { z } from 'zod';
import { type FieldViolation, invalid, refuse } from './errors.ts';
import { characters } from './text.ts';
import { textFault } from './text-fault.ts';

export type CheckResult<T> = { ok: true; value: T } | { ok: false; violations: FieldViolation[] };

/** Checks a request. Violations name the fields as the proto does. */
export function check<S extends z.ZodType>(schema: S, request: unknown): CheckResult<z.output<S>> {
  const parsed = schema.safeParse(request);
  if (parsed.success) return { ok: true, value: parsed.data };
  return { ok: false, violations: parsed.error.issues.map(violation) };
}

/** Parses a request at the edge; refuses it with every wrong field. */
export function parse<S extends z.ZodType>(schema: S, request: unknown): z.output<S> {
  const checked = check(schema, request);
  return checked.ok ? checked.value : refuse(invalid(checked.violations));
}

/** `recipients[3].agencyId` of TypeScript is `recipients[3].agency_id` of the proto. */
export function protoPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((at, key) => {
    if (typeof key === 'number') return `${at}[${key}]`;
    const name = String(key).replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);
    return at === '' ? name : `${at}.${name}`;
  }, '');
}

function violation(issue: z.core.$ZodIssue): FieldViolation {
  return { field: protoPath(issue.path), description: issue.message, reason: reasonOf(issue) };
}

/** Adds the problems of a part of a value to the value's own, under a path. */
export function reportUnder(path: PropertyKey[], error: z.ZodError, context: z.RefinementCtx): void {
  for (const issue of error.issues) {
    const params = { reason: reasonOf(issue) };
    context.addIssue({ code: 'custom', message: issue.message, path: [...path, ...issue.path], params });
  }
}

/** The reason that a schema gave its issue, or the issue's kind. */
function reasonOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'custom') return issue.code.toUpperCase();
  return (issue.params as { reason?: string } | undefined)?.reason ?? 'FIELD_INVALID';
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const AGENCY_CODE = /^[A-Z0-9]+(\.[A-Z0-9]+)*$/;

const [EARLIEST, LATEST] = ['1900-01-01', '2200-12-31'];

/** A real day of the years 1900 to 2200, written YYYY-MM-DD. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return (
    !Number.isNaN(at.getTime()) &&
    at.toISOString().slice(0, 10) === text &&
    text >= EARLIEST &&
    text <= LATEST
  );
}

/** The form of a SHA-256 digest that names an attachment: 64 lower-case hexadecimal digits. */
export function isSha256(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

export const isUuid = (text: string): boolean => UUID.test(text);
/** QĐ 20/2020/QĐ-TTg: letters A–Z, digits and dots, at most 35 characters. */
export const isAgencyCode = (text: string): boolean => text.length <= 35 && AGENCY_CODE.test(text);

/** A text this long stays too long after normalising and trimming, so both are skipped. */
const isTooLong = (text: string, max: number): boolean => text.length > 4 * max;

const custom = (check: (text: string) => boolean, message: string, reason: string) =>
  z.string().superRefine((text, context) => {
    if (!check(text)) context.addIssue({ code: 'custom', message, params: { reason } });
  });

/** Pieces of request schemas. Text is trimmed and brought to NFC; lengths count characters, not bytes. */
export const field = {
  uuid: custom(isUuid, 'must be a UUID', 'UUID_INVALID').transform((text) => text.toLowerCase()),
  optionalUuid: custom((t) => t === '' || isUuid(t), 'must be a UUID or empty', 'UUID_INVALID').transform(
    (text) => text.toLowerCase(),
  ),
  date: custom(isDate, 'must be a real date of the years 1900 to 2200, written YYYY-MM-DD', 'DATE_INVALID'),
  optionalDate: custom(
    (t) => t === '' || isDate(t),
    'must be a real date of the years 1900 to 2200, written YYYY-MM-DD, or empty',
    'DATE_INVALID',
  ),
  agencyCode: custom(
    isAgencyCode,
    'must be letters A–Z, digits and dots, at most 35 characters',
    'CODE_INVALID',
  ),
  sha256: custom(isSha256, 'must be 64 lower-case hexadecimal digits', 'DIGEST_INVALID'),
  optionalSha256: custom(
    (t) => t === '' || isSha256(t),
    'must be 64 lower-case hexadecimal digits, or empty',
    'DIGEST_INVALID',
  ),
  text: ({ min = 0, max }: { min?: number; max: number }) =>
    z
      .string()
      .transform((text) => (isTooLong(text, max) || textFault(text) ? text : text.normalize('NFC').trim()))
      .superRefine((text, context) => {
        const wrong = (message: string, reason: string) =>
          context.addIssue({ code: 'custom', message, params: { reason } });
        if (isTooLong(text, max)) return wrong(`must be at most ${max} characters`, 'FIELD_TOO_LONG');
        const fault = textFault(text);
        if (fault) return wrong(fault, 'FIELD_INVALID');
        // Never fewer code units than characters.
        const length = text.length > max ? characters(text) : text.length;
        if (length < min) wrong('must not be empty', 'FIELD_REQUIRED');
        if (length > max) wrong(`must be at most ${max} characters; it has ${length}`, 'FIELD_TOO_LONG');
      }),
  /** 0 means 50; at most 200. */
  pageSize: z
    .number()
    .int()
    .superRefine((n, context) => {
      if (n < 0 || n > 200)
        context.addIssue({
          code: 'custom',
          message: 'must be between 0 (the default, 50) and 200',
          params: { reason: 'PAGE_SIZE_INVALID' },
        });
    })
    .transform((n) => (n === 0 ? 50 : n)),
};

/** A known number of a protobuf enum; UNSPECIFIED becomes `otherwise`, or is refused when there is none. */
export function enumField<E extends Record<string, number>>(values: E, otherwise?: E[keyof E]) {
  const known = new Set(Object.values(values));
  return z
    .number()
    .superRefine((value, context) => {
      if (!known.has(value) || (value === 0 && otherwise === undefined))
        context.addIssue({
          code: 'custom',
          message: 'is not a value of this enum',
          params: { reason: 'ENUM_INVALID' },
        });
    })
    .transform((value) => (value === 0 ? otherwise : value) as Exclude<E[keyof E], 0>);
}

/** A list of at most `max` items; those of a longer list are not looked at. */
export const manyOf = <T extends z.ZodType>(item: T, max: number) =>
  z
    .custom<readonly unknown[]>()
    .superRefine((items, context) => {
      if (items.length > max)
        context.addIssue({
          code: 'custom',
          message: `must be at most ${max}; there are ${items.length}`,
          params: { reason: 'TOO_MANY' },
        });
    })
    .pipe(z.array(item));
