/** A dossier's data: a text for each field that the procedure declares, of the declared type. */
import { type DataField, DataType } from '@lienthong/contracts/registry';
import { isDate } from '@lienthong/working-time';
import { isPlainNumber, numberProblem } from './number-text.ts';
import { type FieldViolation, failure, type Result, success } from './result.ts';

export type Data = Readonly<Record<string, string>>;
export type Value = string | number | bigint | boolean;

/** Characters of one text. */
export const MAX_TEXT = 2_000;

const INT64 = 2n ** 63n;

/**
 * The data to store: texts trimmed and in NFC, without empty ones. Refuses: DATA_INVALID, with a violation for each field
 * (`data.area_m2`): DATA_FIELD_UNKNOWN, DATA_MISSING, DATA_NUMBER_AMBIGUOUS, and the reasons of `typedValue`.
 */
export function parseData(fields: readonly DataField[], data: Data): Result<Record<string, string>> {
  const violations: FieldViolation[] = [];
  const kept: Record<string, string> = {};
  const declared = new Map(fields.map((field) => [field.key, field]));
  for (const key of Object.keys(data)) {
    if (declared.has(key)) continue;
    const known = fields.map((field) => field.key).join(', ');
    const description =
      known === ''
        ? 'is not a data field of this procedure, which has none'
        : `is not a data field of this procedure; use one of ${known}`;
    violations.push({ field: `data.${key}`, description, reason: 'DATA_FIELD_UNKNOWN' });
  }
  for (const field of declared.values()) {
    const text = stated(data, field.key);
    if (text === undefined) {
      if (!field.required) continue;
      const description = `is missing; give ${field.label === '' ? field.key : field.label}`;
      violations.push({ field: `data.${field.key}`, description, reason: 'DATA_MISSING' });
      continue;
    }
    const problem = problemOf(field.type, text);
    if (problem) violations.push({ field: `data.${field.key}`, ...problem });
    else kept[field.key] = text;
  }
  if (violations.length === 0) return success(kept);
  const message = violations.map((one) => `${one.field} ${one.description}`).join('; ');
  return failure({ kind: 'invalid-argument', reason: 'DATA_INVALID', message, violations });
}

/** The trimmed text of a field in NFC; undefined when it is absent or empty. */
export function stated(data: Data, key: string): string | undefined {
  if (!Object.hasOwn(data, key)) return undefined;
  const text = data[key]?.normalize('NFC').trim();
  return text === '' ? undefined : text;
}

/** The value of a text, or its violation: DATA_NOT_* or DATA_TOO_LONG. */
export function typedValue(type: DataType, text: string): Value | Omit<FieldViolation, 'field'> {
  switch (type) {
    case DataType.INTEGER:
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
    default:
      if (text.includes('\u0000')) return wrong('text without U+0000', 'DATA_NOT_TEXT');
      return text.length <= MAX_TEXT
        ? text
        : wrong(`text of at most ${MAX_TEXT} characters`, 'DATA_TOO_LONG');
  }
}

/** The violation of a text that a person typed. Numbers are stricter than in `typedValue`, which reads stored ones. */
function problemOf(type: DataType, text: string): Omit<FieldViolation, 'field'> | undefined {
  if (type === DataType.NUMBER) return numberProblem(text);
  const value = typedValue(type, text);
  return typeof value === 'object' ? value : undefined;
}

const wrong = (what: string, reason: string) => ({ description: `must be ${what}`, reason });
