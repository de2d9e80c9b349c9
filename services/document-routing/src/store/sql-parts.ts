import { searchKey } from '@lienthong/kit';

/** Collects the parameters of a statement put together from parts: `add(value)` gives its placeholder. */
export function parameters() {
  const values: unknown[] = [];
  return {
    values,
    add: (value: unknown): string => `$${values.push(value)}`,
  };
}
export type Parameters = ReturnType<typeof parameters>;

/**
 * The words looked for, as a tsquery: each must begin a word of the text. Words are letters and digits only, so that
 * nothing of the query language gets in. Undefined when there is none.
 */
export function wordQuery(text: string): string | undefined {
  const words = searchKey(text)
    .split(' ')
    .filter((word) => word !== '');
  return words.length === 0 ? undefined : words.map((word) => `'${word}':*`).join(' & ');
}
