/** The longest wait that a receiver may request. */
const MAX_MS = 86_400_000;

/**
 * The wait that a Retry-After header requests (RFC 9110, 10.2.3: seconds or a date), in ms from now, at most a day.
 * Undefined when the header is missing or cannot be read.
 */
export function retryAfterMs(header: string | undefined, now: Date): number | undefined {
  const text = header?.trim() ?? '';
  if (text === '') return undefined;
  // An HTTP date begins with the day of the week; Date.parse accepts many other texts. The asctime form has no zone
  // and means GMT.
  const isDate = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /.test(text);
  const date = isDate ? Date.parse(text.endsWith('GMT') ? text : `${text} GMT`) : Number.NaN;
  const wait = /^\d+$/.test(text) ? Number(text) * 1_000 : date - now.getTime();
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 0), MAX_MS);
}
