import { characters, type FieldViolation } from '@lienthong/kit';
import { IntlMessageFormat } from 'intl-messageformat';
import { EXAMPLES, type TopicKey } from '../domain/topics.ts';
import type { TemplateText } from './defaults/shape.ts';
import { DATE_STYLES, TIME_STYLES } from './format.ts';
import type { KnownTemplate } from './keys.ts';
import { fill } from './templates.ts';
import { type VariableType, variablesOf } from './variables.ts';

type Element = ReturnType<IntlMessageFormat['getAst']>[number];
type Position = { line: number; column: number };
type Problem = { at?: Position | undefined; reason: string; description: string };

/** The parser's element types (icu-messageformat-parser, TYPE). */
const LITERAL = 0;
const ARGUMENT = 1;
const NUMBER = 2;
const DATE = 3;
const TIME = 4;
const SELECT = 5;
const PLURAL = 6;

const MAX_TITLE = 1000;
const MAX_BODY = 10_000;

/** The problems of a template, each with line and column; none when it can be saved. */
export function checkTemplate(template: KnownTemplate, { title, body }: TemplateText): FieldViolation[] {
  const violations = [
    ...checkText('title', title, MAX_TITLE, template.topic),
    ...checkText('body', body, MAX_BODY, template.topic),
  ];
  if (/[\r\n]/.test(title))
    violations.push({ field: 'title', reason: 'TITLE_NOT_ONE_LINE', description: 'must be one line' });
  if (violations.length > 0) return violations;
  const example = fill({ ...template, title, body }, EXAMPLES[template.topic]);
  return (['title', 'body'] as const).flatMap((field) =>
    example[field] === ''
      ? [
          {
            field,
            reason: 'TEMPLATE_EMPTY',
            description: 'gives an empty text with the example of the topic',
          },
        ]
      : [],
  );
}

function checkText(field: string, text: string, max: number, topic: TopicKey): FieldViolation[] {
  const length = characters(text);
  if (length > max)
    return [
      { field, reason: 'FIELD_TOO_LONG', description: `must be at most ${max} characters; it has ${length}` },
    ];
  return problemsOf(text, topic).map(({ at, reason, description }) => ({
    field,
    reason,
    description: at ? `line ${at.line}, column ${at.column}: ${description}` : description,
  }));
}

function problemsOf(text: string, topic: TopicKey): Problem[] {
  try {
    const parsed = new IntlMessageFormat(text, 'vi', undefined, { ignoreTag: true, captureLocation: true });
    return [...walk(text, parsed.getAst(), variablesOf(topic))];
  } catch (error) {
    const { message, location } = error as Error & { location?: Element['location'] };
    return [
      {
        at: location?.start,
        reason: 'TEMPLATE_SYNTAX',
        description: `is not valid ICU MessageFormat: ${message.toLowerCase().replaceAll('_', ' ')}`,
      },
    ];
  }
}

function* walk(
  text: string,
  elements: readonly Element[],
  variables: ReadonlyMap<string, VariableType>,
): Generator<Problem> {
  for (const element of elements) {
    if (element.type === LITERAL) yield* quotedVariables(text, element, variables);
    if (element.type < ARGUMENT || element.type > PLURAL) continue;
    const problem = problemOf(element as Named, variables);
    if (problem !== undefined) yield { at: element.location?.start, ...problem };
    if (element.type === SELECT || element.type === PLURAL)
      for (const { value } of Object.values((element as Named).options ?? {}))
        yield* walk(text, value, variables);
  }
}

/** A brace is literal text only between apostrophes; around a known variable that is a mistake. */
function* quotedVariables(
  text: string,
  { value, location }: Element & { value?: unknown },
  variables: ReadonlyMap<string, VariableType>,
): Generator<Problem> {
  let from = location?.start.offset ?? 0;
  for (const [start, name = ''] of String(value).matchAll(/\{\s*(\w+)\s*[,}]/g)) {
    if (!variables.has(name)) continue;
    const offset = text.indexOf(start, from);
    from = offset + start.length;
    yield {
      at: positionAt(text, offset),
      reason: 'VARIABLE_QUOTED',
      description: `"${name}" is between apostrophes and is not filled in; remove them, or double them ('') to print them`,
    };
  }
}

function positionAt(text: string, offset: number): Position {
  const lines = text.slice(0, offset).split('\n');
  return { line: lines.length, column: [...(lines.at(-1) ?? '')].length + 1 };
}

type Named = Element & {
  value: string;
  style?: string | object | null;
  options?: Record<string, { value: Element[] }>;
};

function problemOf(
  { type, value: name, style }: Named,
  variables: ReadonlyMap<string, VariableType>,
): Problem | undefined {
  const variable = variables.get(name);
  if (variable === undefined)
    return {
      reason: 'VARIABLE_UNKNOWN',
      description: `this topic has no variable "${name}"; use ${[...variables.keys()].join(', ')}`,
    };
  const moment = variable === 'time' || variable === 'date';
  if (moment && type !== DATE && type !== TIME)
    return wrongType(
      `"${name}" is a ${variable}: write {${name}, date, short}${variable === 'time' ? ` or {${name}, time, short}` : ''}`,
    );
  if ((type === DATE && !moment) || (type === TIME && variable !== 'time'))
    return wrongType(`"${name}" is not a ${type === DATE ? 'date' : 'time'}`);
  if ((type === NUMBER || type === PLURAL) && variable !== 'number')
    return wrongType(`"${name}" is not a number`);
  if (variable === 'presence' && type !== SELECT)
    return wrongType(`write {${name}, select, true {…} other {…}}`);
  if (typeof style !== 'string') return undefined;
  const styles = type === DATE ? DATE_STYLES : type === TIME ? TIME_STYLES : {};
  if (Object.hasOwn(styles, style)) return undefined;
  return {
    reason: 'STYLE_UNKNOWN',
    description: `the style "${style}" is unknown; use ${[...Object.keys(styles), 'a skeleton after "::"'].join(', ')}`,
  };
}

const wrongType = (description: string): Problem => ({ reason: 'VARIABLE_TYPE', description });
