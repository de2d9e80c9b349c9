import type { z } from 'zod';
import { type DefinitionDocument, definitionDocument } from './schema.ts';

/** A fault in the form of a document; `path` is its place in the document. */
export interface FormFault {
  path: readonly (string | number)[];
  /** Stable UPPER_SNAKE. */
  reason: string;
  message: string;
}

export type CheckedDocument =
  | { ok: true; document: DefinitionDocument }
  | { ok: false; faults: readonly FormFault[] };

/** Finds all faults of form at once. The caller has bounded the depth of `given`. */
export function checkDocument(given: unknown): CheckedDocument {
  const parsed = definitionDocument.safeParse(given, { reportInput: true });
  if (parsed.success) return { ok: true, document: parsed.data };
  return { ok: false, faults: parsed.error.issues.flatMap(faultsOf) };
}

function faultsOf(issue: z.core.$ZodIssue): FormFault[] {
  const path = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key));
  if (issue.input === undefined && (issue.code === 'invalid_type' || issue.code === 'invalid_value'))
    return [{ path, reason: 'FIELD_REQUIRED', message: 'is required' }];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: [...path, key],
        reason: 'KEY_UNKNOWN',
        message: 'is not a known key here',
      }));
    case 'invalid_type':
      return [
        { path, reason: 'TYPE_INVALID', message: `must be ${TYPES[issue.expected] ?? issue.expected}` },
      ];
    case 'invalid_value':
      return [{ path, reason: 'VALUE_UNKNOWN', message: `must be one of ${issue.values.join(', ')}` }];
    case 'too_big':
      return [{ path, reason: issue.origin === 'array' ? 'TOO_MANY' : 'TOO_LARGE', message: tooBig(issue) }];
    case 'too_small':
      return issue.origin === 'string'
        ? [{ path, reason: 'FIELD_REQUIRED', message: 'must not be empty' }]
        : [{ path, reason: 'TOO_SMALL', message: `must be at least ${issue.minimum}` }];
    case 'invalid_format':
      return [{ path, reason: 'FORMAT_INVALID', message: formatOf(path) }];
    case 'invalid_union':
      return [
        {
          path,
          reason: issue.input === undefined ? 'FIELD_REQUIRED' : 'TYPE_INVALID',
          message: issue.message,
        },
      ];
    case 'custom':
      return [{ path, reason: String(issue.params?.reason ?? 'FIELD_INVALID'), message: issue.message }];
    default:
      return [{ path, reason: 'FIELD_INVALID', message: issue.message }];
  }
}

const TYPES: Partial<Record<string, string>> = {
  string: 'text; put a code or number that is meant as text in quotes',
  object: 'a map',
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
};

function tooBig({ origin, maximum }: z.core.$ZodIssueTooBig): string {
  if (origin === 'string') return `must be at most ${maximum} characters`;
  return origin === 'array' ? `must be at most ${maximum} items` : `must be at most ${maximum}`;
}

/** The pattern of a field in words. */
function formatOf(path: readonly (string | number)[]): string {
  const last = path.at(-1);
  if (last === 'code' || last === 'procedure_code')
    return 'must be a procedure code like "1.001193" or "1.001612.000.00.00.H48"';
  if (last === 'first_day' || last === 'last_day') return 'must be a date written YYYY-MM-DD';
  if (last === 'count' && path[0] === 'fees') return 'must be the key of a data field';
  if (last === 'depends_on' || (last === 'key' && path.includes('data')))
    return 'must be lower-case words joined by underscores';
  if (last === 'key' || last === 'to' || path.at(-2) === 'produces')
    return 'must be lower-case words joined by hyphens';
  return 'must not contain control characters';
}
