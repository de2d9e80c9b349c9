import type { DataField } from '@lienthong/contracts/registry';
import type { FieldViolation } from '../result.ts';

/** The fields of one group, or of the whole data, with the values that were read so far: '' for a wrong one. */
export interface Scope {
  fields: readonly DataField[];
  values: Map<string, string | undefined>;
  outer?: Scope;
}

/** The most values that a violation lists. */
const LISTED = 20;

/** The violation of a choice: DATA_CHOICE_UNKNOWN, DATA_CHOICE_NOT_ALLOWED beside what it depends on. */
export function choiceProblem(
  { choices, dependsOn, message }: DataField,
  text: string,
  scope: Scope,
): Omit<FieldViolation, 'field'> | undefined {
  const above = dependsOn === '' ? '' : chosenIn(scope, dependsOn);
  const allowed =
    above === ''
      ? choices
      : choices.filter(({ onlyFor }) => onlyFor.length === 0 || onlyFor.includes(above ?? ''));
  if (allowed.some(({ value }) => value === text)) return undefined;
  const reason = choices.some(({ value }) => value === text)
    ? 'DATA_CHOICE_NOT_ALLOWED'
    : 'DATA_CHOICE_UNKNOWN';
  if (message !== '') return { description: message, reason };
  const beside = above === undefined ? ` without ${dependsOn}` : ` while ${dependsOn} is ${above}`;
  const rule = allowed.length === 0 ? 'must be empty' : `must be one of ${listOf(allowed)}`;
  return { description: above === '' ? rule : rule + beside, reason };
}

function chosenIn(scope: Scope | undefined, key: string): string | undefined {
  for (let at = scope; at !== undefined; at = at.outer)
    if (at.fields.some((field) => field.key === key)) return at.values.get(key);
  return undefined;
}

function listOf(choices: DataField['choices']): string {
  const values = choices.slice(0, LISTED).map(({ value }) => value);
  return choices.length > LISTED ? `${values.join(', ')} …` : values.join(', ');
}
