import { z } from 'zod';
import { type FieldViolation, invalid, refuse } from '../errors.ts';
import { check } from '../parse.ts';
import type { Context } from './context.ts';
import type { DecodedRequest } from './receive.ts';

export interface RequestRules<S extends z.ZodType> {
  /** Only this schema sees the decoded message; everything else works with what it gives. */
  request: S;
  /**
   * Rules between fields, and between a field and the call. They run beside the schema, on the fields as they were
   * sent where these are wrong, so that a caller gets all violations at once.
   */
  rules?: (request: z.output<S>, context: Context) => readonly FieldViolation[];
}

/** Gives the parsed request, and the fields that every method of its form has. Refuses with every violation. */
export type ReadRequest<S extends z.ZodType, F extends z.ZodType> = (
  decoded: DecodedRequest<object>,
  context: Context,
) => { request: z.output<S>; form: z.output<F> };

/** Finds everything that is wrong with a request at once. */
export function requestReader<S extends z.ZodType, F extends z.ZodType>(
  { request: schema, rules }: RequestRules<S>,
  formFields: F,
): ReadRequest<S, F> {
  if (rules && !(schema instanceof z.ZodObject)) throw new Error('rules need a schema that is an object');
  return ({ message, violations }, context) => {
    const form = check(formFields, message);
    const request = check(schema, message);
    const broken = rules?.(request.ok ? request.value : asSent(schema, message), context) ?? [];
    if (form.ok && request.ok && violations.length + broken.length === 0)
      return { request: request.value, form: form.value };
    // A field that is wrong on the wire was blanked: the schema and the rules know nothing of what was sent.
    const blanked = new Set(violations.map(({ field }) => field));
    const read = [
      ...(form.ok ? [] : form.violations),
      ...(request.ok ? [] : request.violations),
      ...broken,
    ].filter(({ field }) => !blanked.has(field));
    return refuse(invalid([...violations, ...read]));
  };
}

/** The fields that are right, parsed, and the others as they were sent. */
function asSent<S extends z.ZodType>(schema: S, message: object): z.output<S> {
  const fields = Object.entries((schema as unknown as z.ZodObject).shape).map(([name, field]) => {
    const sent = (message as Record<string, unknown>)[name];
    const parsed = z.safeParse(field, sent);
    return [name, parsed.success ? parsed.data : sent];
  });
  return Object.fromEntries(fields) as z.output<S>;
}
