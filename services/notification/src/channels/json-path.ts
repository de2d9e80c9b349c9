/** What is at a place of a JSON value ("messages.0.status"); undefined when nothing is. */
export function valueAt(value: unknown, path: string): unknown {
  let at = value;
  for (const name of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Record<string, unknown>)[name];
  }
  return at;
}

/** The same, as text; undefined when it is none. */
export function textAt(value: unknown, path: string): string | undefined {
  const at = valueAt(value, path);
  return at === undefined || at === null || typeof at === 'object' ? undefined : String(at);
}

/** What a provider names a message by, one word of what can be kept; undefined when there is none at the place. */
export function referenceAt(value: unknown, path: string): string | undefined {
  const text = textAt(value, path)?.trim() ?? '';
  return /^[\x21-\x7e]{1,200}$/.test(text) ? text : undefined;
}
