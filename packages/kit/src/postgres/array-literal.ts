/**
 * An array parameter of texts and nulls as PostgreSQL writes it; undefined for other elements, which pg writes. pg
 * replaces twice in every element, whether there is something to escape or not.
 */
export function arrayLiteral(values: readonly unknown[]): string | undefined {
  let literal = '{';
  for (const value of values) {
    if (literal.length > 1) literal += ',';
    if (typeof value === 'string') literal += quote(value);
    else if (value === null || value === undefined) literal += 'NULL';
    else return undefined;
  }
  return `${literal}}`;
}

const quote = (text: string): string =>
  text.includes('"') || text.includes('\\') ? `"${text.replace(/["\\]/g, '\\$&')}"` : `"${text}"`;
