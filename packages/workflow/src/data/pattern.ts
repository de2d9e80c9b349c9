/** Patterns in RE2's syntax: matching takes time in proportion to the text, whatever the pattern. */
import type { DataField } from '@lienthong/contracts/registry';
import { RE2JS, RE2JSException } from 're2js';

/** Characters of a pattern. */
export const MAX_PATTERN = 200;
/** Instructions of the compiled pattern; each character of a text costs at most so many. */
const MAX_PROGRAM = 300;

const compiled = new WeakMap<DataField, RE2JS>();

/** @throws Error when it does not compile: `compile` refuses such a definition */
export function patternOf(field: DataField): RE2JS {
  const known = compiled.get(field) ?? RE2JS.compile(field.pattern);
  compiled.set(field, known);
  return known;
}

/** Why a pattern cannot be used; undefined when it can. */
export function patternProblem({ pattern }: DataField): string | undefined {
  if (pattern.length > MAX_PATTERN) return `the pattern has more than ${MAX_PATTERN} characters`;
  try {
    return RE2JS.compile(pattern).programSize() > MAX_PROGRAM
      ? 'the pattern is too large; write fewer repetitions'
      : undefined;
  } catch (error) {
    if (error instanceof RE2JSException) return error.message;
    throw error;
  }
}
