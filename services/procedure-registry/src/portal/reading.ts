/** Reads single values of a published record, which people filled in: nothing here throws. */
import type { WorkingDuration } from '@lienthong/contracts/common';
import type { UncertainReading } from '@lienthong/contracts/registry';
import { searchKey } from '@lienthong/kit/pure';

export type Fields = Readonly<Record<string, unknown>>;

/** Collects what could not be read for certain. */
export class Uncertain {
  readonly all: UncertainReading[] = [];

  /** @param place in the definition; '' when nothing was taken over */
  add(recordPlace: string, place: string, reason: string, message: string, text = ''): void {
    if (this.all.length < MOST_READINGS)
      this.all.push({ recordPlace, place, reason, message, text: text.slice(0, 500) });
  }
}
const MOST_READINGS = 500;

// biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern removes them
const CONTROL = /[\x00-\x09\x0b-\x1f\x7f-\x9f]/g;

/** The text of a string or number, as definitions keep it; '' for anything else. */
export function textOf(value: unknown): string {
  if (typeof value !== 'string' && typeof value !== 'number') return '';
  return String(value)
    .toWellFormed()
    .replaceAll('\r\n', '\n')
    .replaceAll(CONTROL, ' ')
    .normalize('NFC')
    .trim();
}

export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

/** The first `most` characters; says so when there are more. */
export function shortened(
  text: string,
  most: number,
  recordPlace: string,
  place: string,
  uncertain: Uncertain,
): string {
  if (text.length <= most) return text;
  uncertain.add(
    recordPlace,
    place,
    'TEXT_SHORTENED',
    `has ${text.length} characters; the first ${most} were taken`,
  );
  return text.slice(0, most).toWellFormed().trim();
}

/** The first `most` entries; says so when there are more. */
export function firstOf<T>(list: readonly T[], most: number, recordPlace: string, uncertain: Uncertain): T[] {
  if (list.length > most)
    uncertain.add(recordPlace, '', 'TOO_MANY', `has ${list.length} entries; the first ${most} were taken`);
  return list.slice(0, most);
}

export type Count = { count: number } | 'unreadable';

/** A whole number from 0 to `most`. */
export function countOf(value: unknown, most: number): Count {
  const text = textOf(value);
  if (!/^\d{1,15}(\.0+)?$/.test(text)) return 'unreadable';
  const count = Number(text);
  return count <= most ? { count } : 'unreadable';
}

export type Amount = { amountVnd: number; certain: boolean } | 'unreadable';

const MOST_VND = 1_000_000_000_000;

/** An amount of đồng. Groups of three digits are thousands, but that is not certain. */
export function amountOf(value: unknown): Amount {
  const text = textOf(value);
  const plain = countOf(text, MOST_VND);
  // 8.000 is eight thousand here, and eight for a program.
  const grouped = /^\d{1,3}([.,]\d{3})+$/.test(text);
  if (plain !== 'unreadable' && !grouped) return { amountVnd: plain.count, certain: true };
  if (!grouped) return 'unreadable';
  const amountVnd = Number(text.replaceAll(/[.,]/g, ''));
  return amountVnd <= MOST_VND ? { amountVnd, certain: false } : 'unreadable';
}

export type Limit = { duration: WorkingDuration; certain: boolean } | 'unreadable';

const MOST_DAYS = 3650;

/** A time limit of a number and a unit. "Ngày" alone may be days of the calendar or working days. */
export function limitOf(number: unknown, unit: unknown): Limit {
  const text = textOf(number).replace(',', '.');
  const amount = /^\d{1,6}(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  const word = searchKey(textOf(unit));
  if (Number.isNaN(amount) || amount > MOST_DAYS) return 'unreadable';
  if (word === 'ngay lam viec' || word === 'ngay') {
    const certain = word === 'ngay lam viec';
    if (Number.isInteger(amount)) return { duration: { amount: { $case: 'days', value: amount } }, certain };
    return Number.isInteger(amount * 2)
      ? { duration: { amount: { $case: 'halfDays', value: amount * 2 } }, certain }
      : 'unreadable';
  }
  if (word === 'gio' || word === 'gio lam viec') {
    const minutes = amount * 60;
    return Number.isInteger(minutes)
      ? { duration: { amount: { $case: 'minutes', value: minutes } }, certain: word === 'gio lam viec' }
      : 'unreadable';
  }
  return 'unreadable';
}
