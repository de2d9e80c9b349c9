/** Checks the fields of a procedure's data: each option belongs to its type, and what it names is there. */
import { type DataField, DataType } from '@lienthong/contracts/registry';
import { RESERVED } from '../condition/language.ts';
import { textProblem } from '../data/value.ts';
import { checkDistinct, checkFieldKey } from '../keys.ts';
import { LIMITS } from '../limits.ts';
import type { Problems } from '../problem.ts';
import { checkText } from './text.ts';

/** The fields of a group that come before a field, and those before its groups: on them it can depend. */
type Earlier = ReadonlyMap<string, DataField>;

export function checkDossierData(fields: readonly DataField[], problems: Problems): void {
  checkDataFields(fields, 'data', problems);
  visit(fields, 'data', ({ inEvents }, place) => {
    const message = 'is an option of the data of a result; no event carries the data of a dossier';
    if (inEvents) problems.error('OPTION_NOT_ALLOWED', `${place}.in_events`, message);
  });
}

export function checkResultData(fields: readonly DataField[], place: string, problems: Problems): void {
  checkDataFields(fields, place, problems);
  visit(fields, place, ({ type }, at) => {
    const message = 'a result has a file of its own; its data has none';
    if (type === DataType.FILE) problems.error('DATA_TYPE_INVALID', `${at}.type`, message);
  });
}

function visit(
  fields: readonly DataField[],
  place: string,
  look: (field: DataField, place: string) => void,
): void {
  for (const [i, field] of fields.entries()) {
    look(field, `${place}[${i}]`);
    visit(field.fields, `${place}[${i}].fields`, look);
  }
}

function checkDataFields(
  fields: readonly DataField[],
  place: string,
  problems: Problems,
  around: Earlier = new Map(),
): void {
  checkDistinct(
    problems,
    fields.map((field) => field.key),
    (i) => `${place}[${i}].key`,
  );
  const earlier = new Map(around);
  for (const [i, field] of fields.entries()) {
    checkField(field, `${place}[${i}]`, problems, earlier);
    earlier.set(field.key, field);
  }
}

function checkField(field: DataField, place: string, problems: Problems, earlier: Earlier): void {
  const { key, label, type } = field;
  checkFieldKey(problems, key, `${place}.key`);
  if (RESERVED.has(key))
    problems.error('KEY_RESERVED', `${place}.key`, `${key} is reserved in CEL; choose another`);
  checkText(label, `${place}.label`, 'NAME_MISSING', 'the field has no label', problems);
  if (type === DataType.UNSPECIFIED || !Object.values<number>(DataType).includes(type)) {
    const types = 'text, integer, number, boolean, date, money, choice, group, identity, address or file';
    problems.error('DATA_TYPE_INVALID', `${place}.type`, `the type must be ${types}`);
    return;
  }
  checkOptions(field, place, problems);
  checkBounds(field, place, problems);
  checkChoices(field, place, problems, earlier);
  checkGroup(field, place, problems, earlier);
}

const BOUNDED: ReadonlySet<DataType> = new Set([
  DataType.INTEGER,
  DataType.NUMBER,
  DataType.MONEY,
  DataType.DATE,
]);

/** An option on a field of another type would have no effect. */
function checkOptions(field: DataField, place: string, problems: Problems): void {
  const { type, minRows, maxRows } = field;
  const options: [name: string, isGiven: boolean, isAllowed: boolean, of: string][] = [
    ['pattern', field.pattern !== '', type === DataType.TEXT, 'a text'],
    ['minimum', field.minimum !== '', BOUNDED.has(type), 'an integer, number, money or date'],
    ['maximum', field.maximum !== '', BOUNDED.has(type), 'an integer, number, money or date'],
    ['choices', field.choices.length > 0, type === DataType.CHOICE, 'a choice'],
    ['depends_on', field.dependsOn !== '', type === DataType.CHOICE, 'a choice'],
    ['fields', field.fields.length > 0, type === DataType.GROUP, 'a group'],
    ['max_rows', minRows !== 0 || maxRows !== 0, type === DataType.GROUP, 'a group'],
  ];
  for (const [name, isGiven, isAllowed, of] of options)
    if (isGiven && !isAllowed)
      problems.error('OPTION_NOT_ALLOWED', `${place}.${name}`, `is an option of ${of} only; remove it`);
}

function checkBounds(field: DataField, place: string, problems: Problems): void {
  if (!BOUNDED.has(field.type)) return;
  // A bound must be a value of the field, which has no bound itself. A pattern is not allowed here, and may not compile.
  const unbounded = { ...field, minimum: '', maximum: '', pattern: '', message: '' };
  for (const name of ['minimum', 'maximum'] as const) {
    const problem = field[name] === '' ? undefined : textProblem(unbounded, field[name]);
    if (problem) problems.error('BOUND_INVALID', `${place}.${name}`, problem.description);
  }
  const { minimum, maximum } = field;
  if (
    minimum !== '' &&
    maximum !== '' &&
    textProblem({ ...unbounded, minimum }, maximum)?.reason === 'DATA_TOO_SMALL'
  )
    problems.error('BOUND_INVALID', `${place}.maximum`, 'is below the minimum');
}

function checkChoices(field: DataField, place: string, problems: Problems, earlier: Earlier): void {
  const { type, choices, dependsOn } = field;
  if (type !== DataType.CHOICE) return;
  if (choices.length === 0)
    problems.error('CHOICES_MISSING', `${place}.choices`, 'the field has no choices; give at least one');
  const above = earlier.get(dependsOn);
  if (dependsOn !== '' && above?.type !== DataType.CHOICE) {
    const message = `${dependsOn} is not a choice that comes before this one, in the same group or one around it`;
    problems.error('DEPENDS_ON_UNKNOWN', `${place}.depends_on`, message);
  }
  for (const [i, { value, label, onlyFor }] of choices.entries()) {
    const at = `${place}.choices[${i}]`;
    if (value.trim() !== value || value === '' || value.length > LIMITS.key)
      problems.error('CHOICE_INVALID', `${at}.value`, `must be a text of 1 to ${LIMITS.key} characters`);
    if (choices.findIndex((other) => other.value === value) < i)
      problems.error('CHOICE_DUPLICATE', `${at}.value`, `${value} is already a choice; give each once`);
    checkText(label, `${at}.label`, 'NAME_MISSING', 'the choice has no label', problems);
    for (const [j, one] of onlyFor.entries()) {
      if (above?.type === DataType.CHOICE && above.choices.some((other) => other.value === one)) continue;
      const message = `${one} is not a value of ${dependsOn === '' ? 'depends_on, which is empty' : dependsOn}`;
      problems.error('CHOICE_FOR_UNKNOWN', `${at}.only_for[${j}]`, message);
    }
  }
}

function checkGroup(field: DataField, place: string, problems: Problems, earlier: Earlier): void {
  const { type, fields, minRows, maxRows } = field;
  if (type !== DataType.GROUP) return;
  if (fields.length === 0)
    problems.error('FIELDS_MISSING', `${place}.fields`, 'the group has no fields; give at least one');
  if (minRows < 0 || maxRows < 0 || maxRows > LIMITS.dataRows || minRows > maxRows) {
    const message = `give rows from 0 to at most ${LIMITS.dataRows}, min_rows not above max_rows`;
    problems.error('ROWS_INVALID', `${place}.max_rows`, message);
  }
  checkDataFields(fields, `${place}.fields`, problems, earlier);
}
