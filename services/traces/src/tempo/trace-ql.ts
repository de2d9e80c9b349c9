import type { TraceFilter } from '../domain/source.ts';

/** The traces that a filter means, in TraceQL: its conditions may hold for different spans of a trace. */
export function toTraceQl({ stories, failedOnly, slowerThanUs }: TraceFilter): string {
  const conditions = Object.entries(stories).flatMap(([attribute, value]) =>
    value === '' ? [] : [`span.${attribute} = ${JSON.stringify(value)}`],
  );
  if (failedOnly) conditions.push('status = error');
  if (slowerThanUs > 0) conditions.push(`traceDuration > ${slowerThanUs}us`);
  return conditions.length === 0 ? '{ }' : conditions.map((one) => `{ ${one} }`).join(' && ');
}
