import type { DataField } from '@lienthong/contracts/registry';
import { accepted, type Result } from '@lienthong/kit';
import { parseData } from '@lienthong/workflow';

/**
 * A dossier's data after a change; a field that is set to nothing is taken out, which a required one refuses. Refused:
 * DATA_INVALID. What was not touched is not asked about.
 */
export function changedData(
  before: Readonly<Record<string, string>>,
  change: Readonly<Record<string, string>>,
  fields: readonly DataField[],
): Result<Record<string, string>> {
  const touched = Object.keys(change);
  if (touched.length === 0) return accepted(before);
  const asked = fields.map((field) => ({
    ...field,
    required: field.required && touched.includes(field.key),
  }));
  const parsed = parseData(asked, change);
  if (!parsed.ok) return parsed;
  const kept = Object.entries(before).filter(([key]) => !touched.includes(key));
  return accepted({ ...Object.fromEntries(kept), ...parsed.value });
}
