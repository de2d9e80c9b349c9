import { type FieldViolation, invalid, parse, RefusalError, refuse } from '@lienthong/kit';
import type { z } from 'zod';
import { MAX_VIOLATIONS } from '../domain/problem.ts';

/** Reads the pieces of one request and collects what is wrong with any of them. */
export class Reader {
  readonly violations: FieldViolation[] = [];

  /** The piece at a field path; undefined when something is wrong with it. */
  read<S extends z.ZodType>(schema: S, value: unknown, at = ''): z.output<S> | undefined {
    try {
      return parse(schema, value);
    } catch (error) {
      if (!(error instanceof RefusalError)) throw error;
      for (const violation of error.refusal.violations ?? []) {
        this.violations.push({ ...violation, field: join(at, violation.field) });
      }
      return undefined;
    }
  }

  get failed(): boolean {
    return this.violations.length > 0;
  }

  /** @throws RefusalError INVALID_ARGUMENT with what was found, at most 100 violations */
  refuse(): never {
    return refuse(invalid(this.violations.slice(0, MAX_VIOLATIONS)));
  }
}

function join(at: string, field: string): string {
  return at === '' || field === '' || field.startsWith('[') ? at + field : `${at}.${field}`;
}
