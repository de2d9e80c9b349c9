/** A dossier's data: texts by path, each of the type that the procedure declares for its field. */
import type { DataField } from '@lienthong/contracts/registry';
import { failure, type Result, success } from '../result.ts';
import { type DataOptions, readData } from './read.ts';
import { type Data, isWithin } from './tree.ts';

/**
 * The data to store: texts trimmed and in NFC, without empty ones, rows numbered without gaps. Refuses: DATA_INVALID, with
 * one violation for each wrong path (`data.household[2].identity.number`).
 */
export function parseData(
  fields: readonly DataField[],
  data: Data,
  options: DataOptions = {},
): Result<Record<string, string>> {
  const { kept, violations } = readData(fields, data, options);
  if (violations.length === 0) return success(kept);
  const message = violations.map((one) => `${one.field} ${one.description}`).join('; ');
  return failure({ kind: 'invalid-argument', reason: 'DATA_INVALID', message, violations });
}

/** The part of data that fits the fields; the rest is of another procedure, or another version, and dropped. */
export function fittingData(fields: readonly DataField[], data: Data): Record<string, string> {
  let fitting = data;
  for (;;) {
    const { kept, violations } = readData(fields, fitting, { partial: true });
    if (violations.length === 0) return kept;
    const wrong = violations.map(({ field }) => field.slice('data.'.length));
    const rest = Object.entries(fitting).filter(([path]) => !wrong.some((one) => isWithin(path, one)));
    if (rest.length === Object.keys(fitting).length) return {};
    fitting = Object.fromEntries(rest);
  }
}

/** Keys of the fields in which the paths are, and of those with choices that depend on them. */
export function fieldsOfPaths(fields: readonly DataField[], paths: readonly string[]): Set<string> {
  const keys = new Set(paths.map((path) => /^[^.[]*/.exec(path)?.[0] ?? ''));
  // A choice depends on an earlier field, so one pass finds them all.
  for (const field of fields) if (dependsOnAny(field, keys)) keys.add(field.key);
  return keys;
}

const dependsOnAny = ({ dependsOn, fields }: DataField, keys: ReadonlySet<string>): boolean =>
  keys.has(dependsOn) || fields.some((inner) => dependsOnAny(inner, keys));
