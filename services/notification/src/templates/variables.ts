import { isDate } from '@lienthong/kit';
import { EXAMPLES, type TopicKey, type Values } from '../domain/topics.ts';

/** The type of a variable, from the topic's example. `lines` may have line ends, `text` is one line. */
export type VariableType = 'text' | 'lines' | 'number' | 'time' | 'date' | 'presence';

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/** An ISO instant. */
export const isTime = (text: string): boolean => TIME.test(text) && !Number.isNaN(Date.parse(text));

function typeOf(example: string | number): VariableType {
  if (typeof example === 'number') return 'number';
  if (isTime(example)) return 'time';
  if (isDate(example)) return 'date';
  return example.includes('\n') ? 'lines' : 'text';
}

/** `hasDueAt` of `dueAt`: for `{hasDueAt, select, true {…} other {…}}`. */
const presenceOf = (name: string): string => `has${name.charAt(0).toUpperCase()}${name.slice(1)}`;

/** The variables of a topic's templates: its values, and for each whether it is present. */
const VARIABLES = Object.fromEntries(
  Object.entries(EXAMPLES).map(([topic, example]) => [
    topic,
    new Map<string, VariableType>(
      Object.entries(example).flatMap(([name, value]) => [
        [name, typeOf(value)],
        [presenceOf(name), 'presence'],
      ]),
    ),
  ]),
) as unknown as Readonly<Record<TopicKey, ReadonlyMap<string, VariableType>>>;

export const variablesOf = (topic: TopicKey): ReadonlyMap<string, VariableType> => VARIABLES[topic];

const LONGEST = { text: 500, lines: 20_000 } as const;
/** Controls, line and paragraph separators, and what turns the direction of writing. */
const INVISIBLE = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;
const INVISIBLE_IN_LINE = /[^\S\n]*(?:(?!\n)[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069])+/gu;

/**
 * The values of all variables of a topic; missing ones are empty, unknown ones are dropped. Texts are in NFC, without
 * invisible characters, and cut at a length that no reader needs.
 */
export function cleanValues(topic: TopicKey, values: Values): Record<string, string | number> {
  const clean: Record<string, string | number> = {};
  for (const [name, type] of variablesOf(topic)) {
    if (type === 'presence') continue;
    const value = cleanValue(type, Object.hasOwn(values, name) ? values[name] : undefined);
    clean[name] = value;
    clean[presenceOf(name)] = String(value !== '');
  }
  return clean;
}

function cleanValue(
  type: Exclude<VariableType, 'presence'>,
  value: string | number | undefined,
): string | number {
  if (type === 'number') return Number.isFinite(Number(value)) ? Number(value ?? 0) : 0;
  const text = String(value ?? '').normalize('NFC');
  if (type === 'time') return isTime(text) ? text : '';
  if (type === 'date') return isDate(text) ? text : '';
  const lines = type === 'lines';
  return cut(text.replace(lines ? INVISIBLE_IN_LINE : INVISIBLE, ' ').trim(), LONGEST[type]);
}

/** At most `max` characters; a character is never halved. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const characters = [...text];
  return characters.length <= max
    ? text
    : `${characters
        .slice(0, max - 1)
        .join('')
        .trimEnd()}…`;
}
