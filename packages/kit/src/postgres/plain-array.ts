/**
 * An array parameter of values that need no quotes (UUIDs, numbers, ISO instants), written at once: pg looks at every
 * character of every element for something to escape.
 */
export const plainArray = (values: readonly (string | number)[]): string => `{${values.join(',')}}`;
