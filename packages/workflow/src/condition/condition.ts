/** Conditions over a dossier: CEL, checked against the declared data fields, evaluated without `eval`. */

import type { DataField, DataType } from '@lienthong/contracts/registry';
import {
  TypeError as CelTypeError,
  type Environment,
  EvaluationError,
  ParseError,
  type ParseResult,
} from '@marcbachmann/cel-js';
import { countRows, type Data, stated } from '../data/tree.ts';
import { typedValue, type Value } from '../data/value.ts';
import { type Failure, failure, type Result, success } from '../result.ts';
import {
  environmentOf,
  examine,
  MAX_CONDITION_LENGTH,
  type Readable,
  readablePaths,
  type Use,
} from './language.ts';

/** The facts of a dossier that conditions read. */
export interface Facts {
  /** Texts by path, as `parseData` returns them. */
  data: Data;
  /** The number of the proto enum Channel. */
  channel: number;
  /** The tier of the intake agency, as `tierName` writes it: "commune". */
  intakeTier: string;
  /** Who applies, as `applicantName` writes it: "citizen"; '' when it is not stated. */
  applicantKind: string;
  /** The key of the dossier's case; '' without one. */
  caseKey: string;
  /**
   * For simulations: chooses a way (a case, or the number of cases for `otherwise`) where the data does not decide.
   * Without it such a move is refused.
   */
  undecided?(choice: { key: string; ways: number }): number;
}

/** Facts that are known before a dossier exists; an absent one is unknown. */
export type PartialFacts = Partial<
  Pick<Facts, 'data' | 'channel' | 'intakeTier' | 'applicantKind' | 'caseKey'>
>;

export interface Condition {
  readonly text: string;
  readonly use: Use;
  /** Refuses: CONDITION_FAILED, when the dossier lacks a field that the condition needs. */
  evaluate(facts: Facts): Result<boolean>;
  /** The value for every dossier with the known facts; undefined when it depends on others. */
  decide(known: PartialFacts): boolean | undefined;
}

/** Compiles the conditions of one definition; the environment is built once. */
export type ConditionCompiler = (text: string) => Result<Condition>;

/**
 * Refuses: CONDITION_MISSING, CONDITION_TOO_LONG, CONDITION_INVALID (CEL's own message with the column),
 * DATA_FIELD_UNKNOWN, CONDITION_NOT_ALLOWED (a function outside the language), CONDITION_NOT_BOOLEAN.
 */
export function conditionCompiler(fields: readonly DataField[]): ConditionCompiler {
  let environment: Environment | undefined;
  let readable: Map<string, Readable> | undefined;
  return (raw) => {
    const text = raw.normalize('NFC').trim();
    if (text === '') return wrong('CONDITION_MISSING', 'the condition is empty');
    if (text.length > MAX_CONDITION_LENGTH) {
      return wrong('CONDITION_TOO_LONG', `the condition has more than ${MAX_CONDITION_LENGTH} characters`);
    }
    environment ??= environmentOf(fields);
    readable ??= readablePaths(fields);
    let program: ParseResult;
    try {
      program = environment.parse(text);
    } catch (error) {
      if (error instanceof ParseError) return wrong('CONDITION_INVALID', located(error));
      throw error;
    }
    const use = examine(program.ast);
    if ('forbidden' in use) {
      const where = `${use.forbidden} is not available in conditions (column ${use.at + 1})`;
      return wrong('CONDITION_NOT_ALLOWED', where);
    }
    const misused = misuse(use, readable);
    if (misused) return misused;
    const checked = program.check();
    if (!checked.valid) {
      return wrong('CONDITION_INVALID', checked.error ? located(checked.error) : 'the condition is not CEL');
    }
    if (checked.type !== 'bool') {
      return wrong('CONDITION_NOT_BOOLEAN', `the condition gives ${checked.type}, not true or false`);
    }
    return success(condition(text, use, program, readable));
  };
}

/** Refuses: DATA_FIELD_UNKNOWN, CONDITION_NOT_ALLOWED for a group, and for rows outside of size(). */
function misuse({ fields, sized }: Use, readable: ReadonlyMap<string, Readable>): Failure | undefined {
  const undeclared = [...fields].filter((path) => !readable.has(path)).map((path) => `data.${path}`);
  if (undeclared.length === 1)
    return wrong(
      'DATA_FIELD_UNKNOWN',
      `${undeclared[0]} is not a data field of this procedure; declare it under data`,
    );
  if (undeclared.length > 1)
    return wrong(
      'DATA_FIELD_UNKNOWN',
      `${undeclared.join(', ')} are not data fields of this procedure; declare them under data`,
    );
  for (const path of fields) {
    const kind = readable.get(path);
    if (kind === 'group')
      return wrong('CONDITION_NOT_ALLOWED', `data.${path} is a group; name one of its fields`);
    if (kind === 'rows' && !sized.has(path))
      return wrong(
        'CONDITION_NOT_ALLOWED',
        `data.${path} has rows; they can only be counted: size(data.${path})`,
      );
  }
  return undefined;
}

interface Values {
  [key: string]: Value | Values | null[];
}

/**
 * The values of the paths that a condition reads. Groups are there, so that has() answers; rows are a list of their number.
 */
function valuesOf({ fields }: Use, readable: ReadonlyMap<string, Readable>, data: Data): Values {
  const values: Values = {};
  for (const path of fields) {
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    let at = values;
    for (const key of keys) {
      at[key] ??= {};
      at = at[key] as Values;
    }
    const kind = readable.get(path);
    if (kind === 'rows') {
      at[last] = Array.from({ length: countRows(data, path) }, () => null);
      continue;
    }
    const text = stated(data, path);
    const value = text === undefined ? undefined : typedValue(kind as DataType, text);
    // A text that is not of its field's type counts as absent; lodging refuses such texts.
    if (value !== undefined && typeof value !== 'object') at[last] = value;
  }
  return values;
}

function condition(
  text: string,
  use: Use,
  program: ParseResult,
  readable: ReadonlyMap<string, Readable>,
): Condition {
  const values = (data: Data) => valuesOf(use, readable, data);
  const run = (context: Record<string, unknown>): boolean | EvaluationError | CelTypeError => {
    try {
      return program(context) === true;
    } catch (error) {
      if (error instanceof EvaluationError || error instanceof CelTypeError) return error;
      throw error;
    }
  };
  return {
    text,
    use,
    evaluate({ data, channel, intakeTier, applicantKind, caseKey }) {
      const result = run({
        channel: BigInt(channel),
        intake_tier: intakeTier,
        applicant_kind: applicantKind,
        case_key: caseKey,
        data: values(data),
      });
      if (typeof result === 'boolean') return success(result);
      const message = `the condition ${text} cannot be decided: ${result.summary}`;
      return failure({ kind: 'failed-precondition', reason: 'CONDITION_FAILED', message });
    },
    decide({ data, channel, intakeTier, applicantKind, caseKey }) {
      if (use.testsPresence && data === undefined) return undefined;
      const context: Record<string, unknown> = { data: values(data ?? {}) };
      if (channel !== undefined) context.channel = BigInt(channel);
      if (intakeTier !== undefined) context.intake_tier = intakeTier;
      if (applicantKind !== undefined) context.applicant_kind = applicantKind;
      if (caseKey !== undefined) context.case_key = caseKey;
      // CEL's logic has three values: `false && unknown` is false, and an error stands for unknown.
      const result = run(context);
      return typeof result === 'boolean' ? result : undefined;
    },
  };
}

const wrong = (reason: string, message: string) => failure({ kind: 'invalid-argument', reason, message });

const located = ({ summary, range }: { summary: string; range?: { start: number } }): string =>
  range === undefined ? summary : `${summary} (column ${range.start + 1})`;
