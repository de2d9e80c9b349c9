/**
 * A record without what is as empty as in its blank: what is written is read and written again with every command, and
 * most of a record is empty most of the time.
 */
export function compact<T extends object>(record: T, blank: T): Partial<T> {
  const kept: Partial<T> = {};
  for (const key in record) {
    const value = record[key];
    if (value === blank[key] || isEmpty(value)) continue;
    kept[key] = value;
  }
  return kept;
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value !== 'object' || value === null) return false;
  for (const _ in value) return false;
  return true;
}
