/**
 * A date or a time of Vietnam's clocks, which packages give without a zone: `2017-03-03` or `2017-03-03T08:00:00`. '' where
 * there is none.
 */
export type LocalTime = string;

const OFFSET_MS = 7 * 3_600_000;
const NATIONAL = /^(\d{4})\/(\d{1,2})\/(\d{1,2})(?: (\d{2}):(\d{2}):(\d{2}))?$/;
/** What systems write besides: ISO 8601 with or without a zone, and the day first. */
const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})?)?$/;
const DAY_FIRST = /^(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?: (\d{2}):(\d{2}):(\d{2}))?$/;

/** Reads a date of a package. `isUsual` is false for another form than `YYYY/MM/DD` and `YYYY/MM/DD HH:mm:ss`. */
export function readLocalTime(text: string): { value: LocalTime; isUsual: boolean } | undefined {
  const national = NATIONAL.exec(text);
  if (national) {
    const value = compose(national.slice(1));
    return value === undefined ? undefined : { value, isUsual: text === toNational(value) };
  }
  const [, ...iso] = ISO.exec(text) ?? [];
  const [, d, m, y, ...time] = DAY_FIRST.exec(text) ?? [];
  const value = compose(iso.length > 0 ? iso.slice(0, 6) : [y, m, d, ...time]);
  if (value === undefined) return undefined;
  const zone = iso[6];
  if (zone === undefined) return { value, isUsual: false };
  const instant = new Date(`${value}${zone.replace(/^(...)(\d\d)$/, '$1:$2')}`);
  return Number.isNaN(instant.getTime()) ? undefined : { value: localTimeOf(instant), isUsual: false };
}

/** The date or time when it exists, in the years 1900 to 2200. */
function compose(parts: readonly (string | undefined)[]): LocalTime | undefined {
  const [year = '', month = '', day = '', ...time] = parts;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const value = time[0] === undefined ? date : `${date}T${time.join(':')}`;
  const instant = new Date(value === date ? `${date}T00:00:00Z` : `${value}Z`);
  const isReal = !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(value);
  return isReal && Number(year) >= 1900 && Number(year) <= 2200 ? value : undefined;
}

/** As packages write it: `YYYY/MM/DD` or `YYYY/MM/DD HH:mm:ss`. */
export const toNational = (value: LocalTime): string => value.replaceAll('-', '/').replace('T', ' ');

/** The moment that it names; of a date its beginning. Vietnam has been at +07:00 since 1975. */
export const instantOf = (value: LocalTime): Date =>
  new Date(`${value.length === 10 ? `${value}T00:00:00` : value}+07:00`);

/** The time of Vietnam's clocks at a moment, to the second. */
export const localTimeOf = (instant: Date): LocalTime =>
  new Date(instant.getTime() + OFFSET_MS).toISOString().slice(0, 19);
