/** Reads data along the declared fields, and collects every violation. */
import { type DataField, DataType } from '@lienthong/contracts/registry';
import type { FieldViolation } from '../result.ts';
import { choiceProblem, type Scope } from './choices.ts';
import { identityProblem } from './identity.ts';
import { partsOf } from './parts.ts';
import { type Data, type DataNode, isGiven, textOf, toTree } from './tree.ts';
import { textProblem } from './value.ts';

export interface DataOptions {
  /** Nothing is required: the data is only a part. */
  partial?: boolean;
  /** Keys of the fields to check; the others are kept as they are. Undefined: all. */
  checked?: ReadonlySet<string>;
  /** Answers for the units of addresses. Undefined: they are not checked. */
  unitOf?: UnitOf;
}

/** The code that a unit has today, or its successor; or the problem with a code. */
export type UnitOf = (code: string) => { code: string } | Omit<FieldViolation, 'field'>;

interface Reading {
  options: DataOptions;
  kept: Record<string, string>;
  violations: FieldViolation[];
}

/** Where a value stands: in the data that was given, and in the data to keep, whose rows are numbered without gaps. */
interface Place {
  given: string;
  kept: string;
}

export function readData(
  fields: readonly DataField[],
  data: Data,
  options: DataOptions,
): Pick<Reading, 'kept' | 'violations'> {
  const reading: Reading = { options, kept: {}, violations: [] };
  readFields(reading, toTree(data), { given: '', kept: '' }, { fields, values: new Map() });
  return reading;
}

function readFields(reading: Reading, node: DataNode, at: Place, scope: Scope): void {
  const { fields } = scope;
  for (const key of node.parts.keys())
    if (!fields.some((field) => field.key === key))
      report(reading, inside(at, key), 'DATA_FIELD_UNKNOWN', unknownIn(fields, at));
  for (const field of fields)
    readField(reading, field, node.parts.get(field.key), inside(at, field.key), scope);
}

function readField(
  reading: Reading,
  field: DataField,
  node: DataNode | undefined,
  at: Place,
  scope: Scope,
): void {
  const { checked, partial } = reading.options;
  const parts = partsOf(field);
  if (scope.outer === undefined && checked?.has(field.key) === false) {
    if (node) keep(reading, node, at);
    scope.values.set(field.key, node && textOf(node));
  } else if (field.maxRows > 0) {
    readRows(reading, field, node, at, scope);
  } else if (node && !hasFormOf(parts, node)) {
    const form = parts ? `has no text and no rows; ${listOf(parts)}` : 'has neither fields nor rows';
    report(reading, at, 'DATA_FIELD_UNKNOWN', form);
  } else if (node === undefined || !isGiven(node)) {
    if (field.required && !partial) report(reading, at, 'DATA_MISSING', `is missing; give ${nameOf(field)}`);
  } else if (parts) {
    readParts(reading, field, parts, node, at, scope);
  } else {
    readText(reading, field, textOf(node) ?? '', at, scope);
  }
}

const hasFormOf = (
  parts: readonly DataField[] | undefined,
  { text, parts: given, rows }: DataNode,
): boolean => rows.size === 0 && (parts === undefined ? given.size === 0 : text === undefined);

function readText(reading: Reading, field: DataField, text: string, at: Place, scope: Scope): void {
  const problem =
    field.type === DataType.CHOICE ? choiceProblem(field, text, scope) : textProblem(field, text);
  // What depends on a wrong choice is not reported as well.
  scope.values.set(field.key, problem ? '' : text);
  if (problem) report(reading, at, problem.reason, problem.description);
  else reading.kept[at.kept] = text;
}

/** The fields of a group, of one of its rows, or of an identity. */
function readParts(
  reading: Reading,
  field: DataField,
  parts: readonly DataField[],
  node: DataNode,
  at: Place,
  outer: Scope,
): void {
  const before = reading.violations.length;
  readFields(reading, node, at, { fields: parts, values: new Map(), outer });
  if (reading.violations.length > before) return;
  if (field.type === DataType.ADDRESS) readUnit(reading, inside(at, 'unit'));
  const problem = field.type === DataType.IDENTITY ? identityProblem(field, node) : undefined;
  if (problem) report(reading, inside(at, 'number'), problem.reason, problem.description);
}

/** Replaces the code of a unit by the one that it, or its successor, has today. */
function readUnit(reading: Reading, at: Place): void {
  const given = reading.kept[at.kept];
  const found = given === undefined ? undefined : reading.options.unitOf?.(given);
  if (found === undefined) return;
  if ('code' in found) reading.kept[at.kept] = found.code;
  else report(reading, at, found.reason, found.description);
}

function readRows(
  reading: Reading,
  field: DataField,
  node: DataNode | undefined,
  at: Place,
  scope: Scope,
): void {
  const { minRows, maxRows, required } = field;
  const parts = partsOf(field) ?? [];
  const rows = [...(node?.rows ?? [])].filter(([, row]) => isGiven(row)).sort(([a], [b]) => a - b);
  const least = reading.options.partial ? 0 : Math.max(minRows, required ? 1 : 0);
  if (node && (node.text !== undefined || node.parts.size > 0)) {
    report(reading, at, 'DATA_FIELD_UNKNOWN', `has rows; write ${at.given}[0]`);
  } else if (rows.length > maxRows) {
    report(reading, at, 'DATA_TOO_MANY_ROWS', `has ${rows.length} rows; at most ${maxRows} are allowed`);
  } else {
    if (rows.length < least)
      report(
        reading,
        at,
        'DATA_TOO_FEW_ROWS',
        `has ${rows.length} rows; give at least ${least} of ${nameOf(field)}`,
      );
    for (const [i, [given, row]] of rows.entries()) {
      const place = { given: `${at.given}[${given}]`, kept: `${at.kept}[${i}]` };
      if (hasFormOf(parts, row)) readParts(reading, field, parts, row, place, scope);
      else
        report(
          reading,
          place,
          'DATA_FIELD_UNKNOWN',
          `is a row without text and rows of its own; ${listOf(parts)}`,
        );
    }
  }
}

/** Keeps what is not checked. */
function keep(reading: Reading, node: DataNode, at: Place): void {
  const text = textOf(node);
  if (text !== undefined) reading.kept[at.kept] = text;
  for (const [key, part] of node.parts) keep(reading, part, inside(at, key));
  for (const [i, row] of node.rows) keep(reading, row, { given: at.given, kept: `${at.kept}[${i}]` });
}

const inside = ({ given, kept }: Place, key: string): Place => ({
  given: given === '' ? key : `${given}.${key}`,
  kept: kept === '' ? key : `${kept}.${key}`,
});

function report({ violations }: Reading, { given }: Place, reason: string, description: string): void {
  violations.push({ field: `data.${given}`, description, reason });
}

const nameOf = ({ key, label }: DataField): string => (label === '' ? key : label);

const listOf = (fields: readonly DataField[]): string => `give ${fields.map(({ key }) => key).join(', ')}`;

function unknownIn(fields: readonly DataField[], { given }: Place): string {
  const of = given === '' ? 'this procedure' : given;
  if (fields.length === 0) return `is not a data field of ${of}, which has none`;
  return `is not a data field of ${of}; use one of ${fields.map(({ key }) => key).join(', ')}`;
}
