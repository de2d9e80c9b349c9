import { packBytes, plainArray } from '@lienthong/kit';

/** Epoch milliseconds as an array of timestamptz; null becomes `none`. */
export const instants = (values: readonly (number | null)[], none = 'null'): string =>
  plainArray(values.map((ms) => (ms === null ? none : new Date(ms).toISOString())));

/**
 * Texts as one parameter: in an array of text every quote of their JSON would be escaped.
 * In SQL: `convert_from(substring($bytes::bytea from start for size), 'UTF8')`.
 */
export const packTexts = (texts: readonly string[]) => packBytes(texts.map((text) => Buffer.from(text)));
