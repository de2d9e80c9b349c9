/** The value at a place of a JSON value ("messages.0.status"); undefined when there is none. */
export function valueAt(value: unknown, path: string): unknown {
  let at = value;
  for (const name of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Record<string, unknown>)[name];
  }
  return at;
}

/** The text, number or boolean at a place, as text; undefined when there is none. */
export function textAt(value: unknown, path: string): string | undefined {
  const at = valueAt(value, path);
  return at === undefined || at === null || typeof at === 'object' ? undefined : String(at);
}

/** A provider's name of a message: one word of printable ASCII; undefined when there is none at the place. */
export function referenceAt(value: unknown, path: string): string | undefined {
  const text = textAt(value, path)?.trim() ?? '';
  return /^[\x21-\x7e]{1,200}$/.test(text) ? text : undefined;
}
