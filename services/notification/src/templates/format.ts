import { isDate, VIETNAM } from '@lienthong/kit';
import { type Formats, type Formatters, IntlMessageFormat } from 'intl-messageformat';
import type { TemplateLanguage } from './keys.ts';

/** A compiled text. */
export type TextFormatter = (values: Readonly<Record<string, string | number>>) => string;

const LOCALES: Readonly<Record<TemplateLanguage, string>> = { vi: 'vi-VN', en: 'en-GB' };

/** `short` is 20/01/2026 in both languages; `long` is "20 tháng 1, 2026" or "20 January 2026". */
export const DATE_STYLES: Formats['date'] = {
  short: { day: '2-digit', month: '2-digit', year: 'numeric' },
  medium: { day: 'numeric', month: 'long' },
  long: { day: 'numeric', month: 'long', year: 'numeric' },
  full: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
};
export const TIME_STYLES: Formats['time'] = {
  short: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  medium: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
};

/**
 * @param text ICU MessageFormat; `<` is an ordinary character.
 * @throws SyntaxError with `location` when it is not well-formed.
 */
export function compile(text: string, language: TemplateLanguage): TextFormatter {
  const formats = { date: DATE_STYLES, time: TIME_STYLES };
  const message = new IntlMessageFormat(text, LOCALES[language], formats, { formatters, ignoreTag: true });
  return (values) => String(message.format(values));
}

/** One formatter for each locale and style, shared by all templates. */
function cached<O extends object, F>(make: (locale: string | string[] | undefined, options?: O) => F) {
  const all = new Map<string, F>();
  return (locale?: string | string[], options?: O): F => {
    const key = `${locale} ${JSON.stringify(options)}`;
    let formatter = all.get(key);
    if (formatter === undefined) {
      formatter = make(locale, options);
      all.set(key, formatter);
    }
    return formatter;
  };
}

/** An empty time gives an empty text. A date has no time of day, so its noon is formatted. */
const inVietnam = (locale: string | string[] | undefined, options?: Intl.DateTimeFormatOptions) => {
  const format = new Intl.DateTimeFormat(locale, { ...options, timeZone: VIETNAM });
  return {
    format: (value: string): string =>
      value === '' ? '' : format.format(new Date(isDate(value) ? `${value}T12:00:00+07:00` : value)),
  } as unknown as Intl.DateTimeFormat;
};

const formatters: Formatters = {
  getDateTimeFormat: cached(inVietnam),
  getNumberFormat: cached(
    (locale, options) => new Intl.NumberFormat(locale, options as Intl.NumberFormatOptions),
  ),
  getPluralRules: cached((locale, options) => new Intl.PluralRules(locale, options)),
};
