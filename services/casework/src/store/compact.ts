/**
 * A record without the fields that are empty or equal to its blank. Every command reads and writes records, and most of
 * their fields are empty most of the time.
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
