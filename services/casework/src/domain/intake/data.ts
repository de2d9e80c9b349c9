import type { DataField } from '@lienthong/contracts/registry';
import { type Result, success } from '@lienthong/kit';
import { fieldsOfPaths, parseData, type UnitOf } from '@lienthong/workflow';

/**
 * A dossier's data after a change, text by text. A text that the change empties is removed, which a required field refuses.
 * Fields that the change neither names nor affects are not checked. Refuses: DATA_*, by path.
 */
export function applyData(
  before: Readonly<Record<string, string>>,
  change: Readonly<Record<string, string>>,
  fields: readonly DataField[],
  unitOf: UnitOf,
): Result<Record<string, string>> {
  const paths = Object.keys(change);
  if (paths.length === 0) return success(before);
  return parseData(fields, { ...before, ...change }, { checked: fieldsOfPaths(fields, paths), unitOf });
}
