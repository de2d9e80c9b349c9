import { isDate, VIETNAM } from '@lienthong/kit';
import {
  dateInEnglish,
  dateInFigures,
  dateInFull,
  dateInSentence,
  dayOf,
  timeInFigures,
  timeInWords,
  weekdayInEnglish,
} from '@lienthong/working-time';
import { type Formatters, IntlMessageFormat } from 'intl-messageformat';
import type { TemplateLanguage } from './keys.ts';

/** A compiled text. */
export type TextFormatter = (values: Readonly<Record<string, string | number>>) => string;

const LOCALES: Readonly<Record<TemplateLanguage, string>> = { vi: 'vi-VN', en: 'en-GB' };

type Style = 'short' | 'medium' | 'long' | 'full';
const styles = (...names: readonly Style[]): Record<string, Intl.DateTimeFormatOptions> =>
  Object.fromEntries(names.map((name) => [name, { dateStyle: name }]));

export const DATE_STYLES = styles('short', 'medium', 'long', 'full');
export const TIME_STYLES = {
  short: { timeStyle: 'short' },
  medium: { timeStyle: 'medium' },
  long: { timeStyle: 'long' },
} as const;

/** How each style writes a date, YYYY-MM-DD, as in papers and in the history. */
const DATES: Readonly<Record<TemplateLanguage, Readonly<Record<Style, (date: string) => string>>>> = {
  vi: { short: dateInFigures, medium: dateInFigures, long: dateInFull, full: dateInSentence },
  en: {
    short: (date) => date.split('-').reverse().join('/'),
    medium: dateInEnglish,
    long: dateInEnglish,
    full: (date) => `${weekdayInEnglish(date)}, ${dateInEnglish(date)}`,
  },
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

/** How a time is written; '' for an empty one. A date without a time of day has its noon. */
const inVietnam = (locale: string | string[] | undefined, options?: Intl.DateTimeFormatOptions) => {
  const write = writer(String(locale) === LOCALES.en ? 'en' : 'vi', options);
  return {
    format: (value: string) =>
      value === '' ? '' : write(Date.parse(isDate(value) ? `${value}T12:00:00+07:00` : value)),
  } as unknown as Intl.DateTimeFormat;
};

/** Skeletons are written by Intl. */
function writer(
  language: TemplateLanguage,
  { dateStyle, timeStyle, ...skeleton }: Intl.DateTimeFormatOptions = { dateStyle: 'short' },
): (at: number) => string {
  if (dateStyle !== undefined) return (at) => DATES[language][dateStyle](dayOf(at));
  if (timeStyle === 'long' && language === 'vi') return timeInWords;
  if (timeStyle === 'medium')
    return (at) => `${timeInFigures(at)}:${new Date(at).toISOString().slice(17, 19)}`;
  if (timeStyle !== undefined) return timeInFigures;
  const format = new Intl.DateTimeFormat(LOCALES[language], { ...skeleton, timeZone: VIETNAM });
  return (at) => format.format(at);
}

const formatters: Formatters = {
  getDateTimeFormat: cached(inVietnam),
  getNumberFormat: cached(
    (locale, options) => new Intl.NumberFormat(locale, options as Intl.NumberFormatOptions),
  ),
  getPluralRules: cached((locale, options) => new Intl.PluralRules(locale, options)),
};
