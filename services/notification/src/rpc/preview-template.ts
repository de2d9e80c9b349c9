import { type FieldViolation, field, invalid, isDate, refuse } from '@lienthong/kit';
import { z } from 'zod';
import { EXAMPLES, type TopicKey, type Values } from '../domain/topics.ts';
import { readVersions } from '../store/templates.ts';
import { checkTemplate } from '../templates/check.ts';
import { fill } from '../templates/templates.ts';
import { isTime, type VariableType, variablesOf } from '../templates/variables.ts';
import { OPERATORS, Operations, query } from './deps.ts';
import { findTemplate } from './template-request.ts';

/**
 * What a template gives with the topic's example and the given values; nothing is saved.
 * Refuses: TEMPLATE_NOT_FOUND, and each problem of a value or of the template.
 */
export const previewTemplate = query(Operations.previewTemplate, {
  policy: OPERATORS,
  request: z.object({
    key: z.string(),
    title: field.text({ max: 1000 }),
    body: field.text({ max: 10_000 }),
    values: z.record(z.string(), z.string()),
  }),
  async handle({ key, title, body, values }, _, { db }) {
    const known = findTemplate(key);
    const typed = typedValues(known.topic, values);
    const kept = title === '' || body === '' ? ((await readVersions(db, key))[0] ?? known) : known;
    const text = { title: title || kept.title, body: body || kept.body };
    const violations = checkTemplate(known, text);
    if (violations.length > 0) refuse(invalid(violations));
    return fill({ ...known, ...text }, { ...EXAMPLES[known.topic], ...typed });
  },
});

function typedValues(topic: TopicKey, given: Readonly<Record<string, string>>): Values {
  const variables = variablesOf(topic);
  const violations: FieldViolation[] = [];
  const values: Record<string, string | number> = {};
  for (const [name, text] of Object.entries(given)) {
    const type = variables.get(name);
    const problem = problemOf(type, text);
    if (problem !== undefined)
      violations.push({ field: `values["${name}"]`, reason: 'VALUE_INVALID', description: problem });
    else values[name] = type === 'number' ? Number(text) : text;
  }
  if (violations.length > 0) refuse(invalid(violations));
  return values;
}

function problemOf(type: VariableType | undefined, text: string): string | undefined {
  if (type === undefined || type === 'presence') return 'must be a value of this topic';
  if (type === 'number' && !/^-?\d{1,15}$/.test(text)) return 'must be a whole number';
  if (type === 'date' && text !== '' && !isDate(text)) return 'must be a date written YYYY-MM-DD, or empty';
  if (type === 'time' && text !== '' && !isTime(text))
    return 'must be a moment, for example 2026-01-20T10:00:00Z, or empty';
  return undefined;
}
