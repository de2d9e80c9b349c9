/** Values of single texts. */
import { type DataField, DataType } from '@lienthong/contracts/registry';
import { isDate } from '@lienthong/working-time';
import type { FieldViolation } from '../result.ts';
import { isPlainNumber, numberProblem, wholeNumberProblem } from './number-text.ts';
import { patternOf } from './pattern.ts';

export type Value = string | number | bigint | boolean;
type Problem = Omit<FieldViolation, 'field'>;

/** Characters of one text. */
export const MAX_TEXT = 2_000;

const INT64 = 2n ** 63n;
/** More than any amount here; exact in every language's numbers. */
export const MAX_MONEY = 10n ** 15n;

/** The value of a stored text, or its violation: DATA_NOT_* or DATA_TOO_LONG. */
export function typedValue(type: DataType, text: string): Value | Problem {
  switch (type) {
    case DataType.INTEGER:
    case DataType.MONEY:
      if (!/^-?\d{1,19}$/.test(text)) return wrong('a whole number such as 12', 'DATA_NOT_INTEGER');
      return BigInt.asIntN(64, BigInt(text)) === BigInt(text)
        ? BigInt(text)
        : wrong(`a whole number from ${-INT64} to ${INT64 - 1n}`, 'DATA_NOT_INTEGER');
    case DataType.NUMBER:
      return isPlainNumber(text)
        ? Number(text)
        : wrong('a number such as 120.5, with a point and without separators', 'DATA_NOT_NUMBER');
    case DataType.BOOLEAN:
      return text === 'true' || text === 'false'
        ? text === 'true'
        : wrong('true or false', 'DATA_NOT_BOOLEAN');
    case DataType.DATE:
      return isDate(text) ? text : wrong('a real date written YYYY-MM-DD', 'DATA_NOT_DATE');
    case DataType.FILE:
      return /^[0-9a-f]{64}$/.test(text)
        ? text
        : wrong('the SHA-256 of an uploaded file: 64 lower-case hexadecimal digits', 'DATA_NOT_FILE');
    default:
      if (text.includes('\u0000')) return wrong('text without U+0000', 'DATA_NOT_TEXT');
      return text.length <= MAX_TEXT
        ? text
        : wrong(`text of at most ${MAX_TEXT} characters`, 'DATA_TOO_LONG');
  }
}

/**
 * The violation of a text that a person typed: stricter than `typedValue`, which reads stored texts. The field's own message
 * replaces the description, but never which readings an ambiguous number has.
 */
export function textProblem(field: DataField, text: string): Problem | undefined {
  const problem =
    spellingProblem(field.type, text) ?? rangeProblem(field, text) ?? patternProblem(field, text);
  if (problem === undefined) return undefined;
  if (problem.reason === 'DATA_NUMBER_AMBIGUOUS')
    return { ...problem, description: `"${field.label || field.key}": ${problem.description}` };
  return { ...problem, description: field.message || problem.description };
}

function spellingProblem(type: DataType, text: string): Problem | undefined {
  if (type === DataType.NUMBER) return numberProblem(text);
  const value = typedValue(type, text);
  const problem = typeof value === 'object' ? value : undefined;
  const isWhole = type === DataType.INTEGER || type === DataType.MONEY;
  return isWhole ? (wholeNumberProblem(text) ?? problem) : problem;
}

/** The bounds of a field, as texts; '' for none. */
export const boundsOf = ({ type, minimum, maximum }: DataField): { minimum: string; maximum: string } =>
  type === DataType.MONEY
    ? { minimum: minimum || '0', maximum: maximum || String(MAX_MONEY) }
    : { minimum, maximum };

function rangeProblem(field: DataField, text: string): Problem | undefined {
  const { minimum, maximum } = boundsOf(field);
  if (minimum === '' && maximum === '') return undefined;
  const [value, least, most] = [text, minimum, maximum].map((one) => typedValue(field.type, one)) as [
    Value,
    Value,
    Value,
  ];
  const unit = field.type === DataType.MONEY ? ' đồng' : '';
  if (minimum !== '' && value < least)
    return { description: `must be at least ${minimum}${unit}`, reason: 'DATA_TOO_SMALL' };
  if (maximum !== '' && value > most)
    return { description: `must be at most ${maximum}${unit}`, reason: 'DATA_TOO_LARGE' };
  return undefined;
}

function patternProblem(field: DataField, text: string): Problem | undefined {
  if (field.pattern === '' || patternOf(field).testExact(text)) return undefined;
  return { description: `must match ${field.pattern}`, reason: 'DATA_PATTERN_MISMATCH' };
}

const wrong = (what: string, reason: string) => ({ description: `must be ${what}`, reason });
