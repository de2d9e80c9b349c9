import type { FieldViolation } from '../result.ts';

type Problem = Omit<FieldViolation, 'field'>;

/** The plain form of a number: digits, at most one decimal point, no separators. */
const PLAIN = /^-?\d{1,18}(\.\d{1,18})?$/;
export const isPlainNumber = (text: string): boolean => PLAIN.test(text);
/** One separator and three digits: a thousand in Vietnamese, a fraction in plain form. */
const AMBIGUOUS = /^(-?[1-9]\d{0,2})[.,](\d{3})$/;
/** Thousands grouped as in Vietnam (1.234,5) or in English (1,234.5); the last group of digits may be decimals. */
const GROUPED = [/^-?\d{1,3}(?:\.\d{3})+(?:,\d{1,18})?$/, /^-?\d{1,3}(?:,\d{3})+(?:\.\d{1,18})?$/] as const;
const DECIMAL_COMMA = /^-?\d{1,18},\d{1,18}$/;

/**
 * Checks a number that a person typed: digits with an optional decimal point. One to three digits, a point and three
 * digits are ambiguous, because people here write a thousand as 1.000. Returns DATA_NUMBER_AMBIGUOUS or DATA_NOT_NUMBER
 * with the spelling to use; undefined for a number with one meaning.
 */
export function numberProblem(text: string): Problem | undefined {
  const ambiguous = AMBIGUOUS.exec(text);
  if (ambiguous) {
    const [, whole = '', rest = ''] = ambiguous;
    return ambiguity(text, `${whole}${rest}`, `${whole}.${decimalsOf(rest)}`);
  }
  if (PLAIN.test(text)) return undefined;
  const plain = plainSpelling(text);
  const description =
    plain === undefined
      ? 'must be a number such as 120.5, with a point and without separators'
      : `must be written ${plain}, with a point and without separators`;
  return { description, reason: 'DATA_NOT_NUMBER' };
}

/** The same for a whole number: 1.000 is a thousand or one. Undefined also for texts that are no number at all. */
export function wholeNumberProblem(text: string): Problem | undefined {
  const ambiguous = AMBIGUOUS.exec(text);
  if (ambiguous) {
    const [, whole = '', rest = ''] = ambiguous;
    return ambiguity(text, `${whole}${rest}`, /^0+$/.test(rest) ? whole : `${whole}.${decimalsOf(rest)}`);
  }
  const plain = plainSpelling(text);
  if (plain === undefined || plain.includes('.')) return undefined;
  return { description: `must be written ${plain}, without separators`, reason: 'DATA_NOT_INTEGER' };
}

const ambiguity = (text: string, thousands: string, decimals: string): Problem => ({
  description: `"${text}" đọc được theo hai cách: ghi ${thousands} hay ${decimals}? / can be read in two ways: write ${thousands} or ${decimals}`,
  reason: 'DATA_NUMBER_AMBIGUOUS',
});

function plainSpelling(text: string): string | undefined {
  if (GROUPED[0].test(text)) return text.replaceAll('.', '').replace(',', '.');
  if (GROUPED[1].test(text)) return text.replaceAll(',', '');
  return DECIMAL_COMMA.test(text) ? text.replace(',', '.') : undefined;
}

/** Three decimals in a spelling that cannot be read as thousands: 000 is 0, 345 is 3450. */
const decimalsOf = (three: string): string => {
  const stripped = three.replace(/0+$/, '');
  if (stripped === '') return '0';
  return stripped.length === 3 ? `${stripped}0` : stripped;
};
