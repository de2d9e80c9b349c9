/** An empty date of the proto is no bound in PostgreSQL. */
export const bound = (date: string): string | null => (date === '' ? null : date);

/** Rows turned into one array per column, in the order of the first row's keys: the arguments of `unnest`. */
export function columns<R extends Record<string, unknown>>(rows: readonly R[]): unknown[][] {
  const [first] = rows;
  return first === undefined ? [] : Object.keys(first).map((column) => rows.map((row) => row[column]));
}
