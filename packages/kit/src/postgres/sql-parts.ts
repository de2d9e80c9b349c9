/** Collects the parameters of a statement put together from parts: `add(value)` gives its placeholder. */
export function parameters() {
  const values: unknown[] = [];
  return {
    values,
    add: (value: unknown): string => `$${values.push(value)}`,
  };
}
export type Parameters = ReturnType<typeof parameters>;
