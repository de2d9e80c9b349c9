import {
  type DescField,
  type DescMessage,
  fromJson,
  type JsonValue,
  type Registry,
  ScalarType,
} from '@bufbuild/protobuf';
import { type FieldViolation, shorten } from '@lienthong/kit';

/** More are not named. */
const MAX_FAULTS = 40;
/** How many values are looked at by themselves: a long list with one fault must not keep the process busy. */
const MAX_SINGLE = 20_000;

/**
 * Every place in a JSON request that does not fit its message. The library decides what fits each single value; this
 * only says where the value stands, and what belongs there.
 */
export function findFaults(registry: Registry, type: DescMessage, json: unknown, at = ''): FieldViolation[] {
  const faults: FieldViolation[] = [];
  let left = MAX_SINGLE;
  function add(field: string, description: string, reason = 'FIELD_MALFORMED'): void {
    if (faults.length < MAX_FAULTS) faults.push({ field, description, reason });
  }

  function readMessage(message: DescMessage, value: unknown, path: string): void {
    if (!isObject(value)) return void add(path, 'must be an object');
    const seen = new Map<string, string>();
    for (const [key, one] of Object.entries(value)) {
      const field = message.fields.find(({ name, jsonName }) => name === key || jsonName === key);
      const place = join(path, field?.name ?? shorten(key));
      if (field === undefined) {
        add(place, `is unknown; ${message.name} has ${namesOf(message)}`, 'FIELD_UNKNOWN');
        continue;
      }
      // A oneof stands for one value, and a field's two names are the same field.
      const group = field.oneof?.name ?? field.name;
      const before = one === null && field.oneof ? undefined : seen.get(group);
      if (before !== undefined) add(place, `stands beside ${before}; send one of them`);
      else if (one !== null || !field.oneof) seen.set(group, place);
      readField(message, field, one, place);
    }
  }

  function readField(message: DescMessage, field: DescField, value: unknown, path: string): void {
    if (value === null) return;
    const one = (item: unknown): JsonValue => item as JsonValue;
    if (field.fieldKind === 'list') {
      if (!Array.isArray(value)) return void add(path, 'must be a list');
      readAll(
        message,
        field,
        value,
        value.entries(),
        (i) => `${path}[${i}]`,
        (_, item) => [one(item)],
      );
    } else if (field.fieldKind === 'map') {
      if (!isObject(value)) return void add(path, 'must be an object');
      const place = (key: unknown) => join(path, shorten(String(key)));
      readAll(message, field, value, Object.entries(value), place, (key, item) => ({
        [String(key)]: one(item),
      }));
    } else
      readAll(
        message,
        field,
        value,
        [['', value]],
        () => path,
        (_, item) => one(item),
      );
  }

  /**
   * Looks at the items of a field one by one.
   * @param alone the field's value with one item
   */
  function readAll(
    message: DescMessage,
    field: DescField,
    whole: unknown,
    items: Iterable<[key: unknown, item: unknown]>,
    place: (key: unknown) => string,
    alone: (key: unknown, item: unknown) => JsonValue,
  ): void {
    const fitsIn = (value: JsonValue) => fits(message, { [field.name]: value });
    const inner = field.message && !isWellKnown(field.message) ? field.message : undefined;
    const allFit = inner === undefined && fitsIn(whole as JsonValue);
    for (const [key, item] of items) {
      if (faults.length === MAX_FAULTS || left === 0) return;
      if (inner) readMessage(inner, item, place(key));
      else if (typeof item === 'string' && !item.isWellFormed())
        add(place(key), 'has half of a character (a lone surrogate)', 'TEXT_MALFORMED');
      else if (isLong(field) && isInexact(item)) add(place(key), INEXACT, 'NUMBER_INEXACT');
      else if (!allFit) {
        left -= 1;
        if (!fitsIn(alone(key, item))) add(place(key), expected(field));
        else if (left === 0) add(place(key), 'is followed by a value that does not fit');
      }
    }
  }

  function fits(message: DescMessage, json: JsonValue): boolean {
    try {
      fromJson(message, json, { registry });
      return true;
    } catch {
      return false;
    }
  }

  readMessage(type, json, at);
  return faults;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);
const isWellKnown = ({ typeName }: DescMessage): boolean => typeName.startsWith('google.protobuf.');
const namesOf = ({ fields }: DescMessage): string =>
  fields.length === 0 ? 'no fields' : shorten(fields.map(({ jsonName }) => jsonName).join(', '), 300);

const LONG = new Set([
  ScalarType.INT64,
  ScalarType.UINT64,
  ScalarType.SINT64,
  ScalarType.FIXED64,
  ScalarType.SFIXED64,
]);
const INEXACT = 'is beyond what JSON numbers hold exactly (2^53); send it as a text of digits';
const isInexact = (value: unknown): boolean =>
  typeof value === 'number' &&
  !Number.isSafeInteger(value) &&
  (Number.isInteger(value) || !Number.isFinite(value));
const isLong = (field: DescField): boolean => field.scalar !== undefined && LONG.has(field.scalar);

/** What a value of a field is, in words. */
function expected(field: DescField): string {
  if (field.message?.typeName === 'google.protobuf.Timestamp')
    return 'must be a time such as "2025-07-01T08:00:00Z"';
  if (field.message?.typeName === 'google.protobuf.Duration') return 'must be seconds such as "15s"';
  if (field.message) return 'must be an object with the name of its type in "@type"';
  if (field.enum)
    return `must be one of ${shorten(field.enum.values.map(({ name }) => name).join(', '), 400)}`;
  switch (field.scalar) {
    case ScalarType.STRING:
      return 'must be a text';
    case ScalarType.BOOL:
      return 'must be true or false';
    case ScalarType.BYTES:
      return 'must be a text in base64';
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return 'must be a number';
    default:
      return isLong(field)
        ? 'must be a whole number of 64 bits, as a text of digits'
        : 'must be a whole number of 32 bits';
  }
}
