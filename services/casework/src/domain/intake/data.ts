import type { DataField } from '@lienthong/contracts/registry';
import { type Result, success } from '@lienthong/kit';
import { parseData } from '@lienthong/workflow';

/**
 * A dossier's data after a change. A field that the change empties is removed, which a required field refuses; fields
 * outside the change are not checked. Refuses: DATA_*, by field.
 */
export function applyData(
  before: Readonly<Record<string, string>>,
  change: Readonly<Record<string, string>>,
  fields: readonly DataField[],
): Result<Record<string, string>> {
  const changed = Object.keys(change);
  if (changed.length === 0) return success(before);
  const checked = fields.map((field) => ({
    ...field,
    required: field.required && changed.includes(field.key),
  }));
  const parsed = parseData(checked, change);
  if (!parsed.ok) return parsed;
  const kept = Object.entries(before).filter(([key]) => !changed.includes(key));
  return success({ ...Object.fromEntries(kept), ...parsed.value });
}
