/** Cases (trường hợp): a dossier of a procedure with cases has exactly one; its time limit and papers follow it. */
import type { Definition, ProcedureCase } from '@lienthong/contracts/registry';
import type { Facts } from '../condition/condition.ts';
import type { CaseRule, CompiledWorkflow } from '../model.ts';
import { type Failure, failure, type Result, success } from '../result.ts';

/** Whether a way or a paper is for a case; one that names no case is for every case. */
export const isForCase = ({ cases }: { cases: readonly string[] }, caseKey: string): boolean =>
  cases.length === 0 || cases.includes(caseKey);

export const findCase = ({ cases }: Definition, key: string): ProcedureCase | undefined =>
  key === '' ? undefined : cases.find((one) => one.key === key);

/**
 * The key of a dossier's case: the named one, or the only one whose condition holds; '' when the procedure has no cases.
 * Refuses, at `case_key`: CASE_UNKNOWN, CASE_CONTRADICTED (the condition of the named case does not hold), CASE_REQUIRED,
 * CASE_AMBIGUOUS, CONDITION_FAILED.
 */
export function chooseCase(
  { cases }: CompiledWorkflow,
  named: string,
  facts: Omit<Facts, 'caseKey'>,
): Result<string> {
  if (named !== '') return checkNamed(cases, named, facts);
  if (cases.length === 0) return success('');
  const fitting: string[] = [];
  for (const rule of cases) {
    const holds = rule.condition && fits(rule, facts);
    if (holds?.ok === false) return holds;
    if (holds?.value) fitting.push(rule.of.key);
  }
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return success(only);
  return only === undefined
    ? refuse('CASE_REQUIRED', `is required: name the case of the procedure: ${keysOf(cases)}`)
    : refuse('CASE_AMBIGUOUS', `must name the case: the data fits ${fitting.join(' and ')}`);
}

function checkNamed(
  cases: readonly CaseRule[],
  named: string,
  facts: Omit<Facts, 'caseKey'>,
): Result<string> {
  const rule = cases.find(({ of }) => of.key === named);
  if (rule === undefined) {
    const known =
      cases.length === 0 ? 'must be empty: the procedure has no cases' : `must be one of ${keysOf(cases)}`;
    return refuse('CASE_UNKNOWN', known);
  }
  if (rule.condition === undefined) return success(named);
  const holds = fits(rule, facts);
  if (!holds.ok) return holds;
  if (holds.value) return success(named);
  return refuse('CASE_CONTRADICTED', `${named} does not fit the data: ${rule.condition.text} does not hold`);
}

function fits({ of, condition }: CaseRule, facts: Omit<Facts, 'caseKey'>): Result<boolean> {
  const holds = condition?.evaluate({ ...facts, caseKey: '' }) ?? success(true);
  if (holds.ok) return holds;
  const { reason, message } = holds.refusal;
  return refuse(reason, `case ${of.key}: ${message}`);
}

const keysOf = (cases: readonly CaseRule[]) => cases.map(({ of }) => of.key).join(', ');

function refuse(reason: string, description: string): Failure {
  const violations = [{ field: 'case_key', reason, description }];
  return failure({ kind: 'invalid-argument', reason, message: `case_key: ${description}`, violations });
}
