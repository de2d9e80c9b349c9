/** The results that a step produces, against those that the procedure names. */
import type { Result as DossierResult } from '@lienthong/contracts/casework';
import type { Definition, Step } from '@lienthong/contracts/registry';
import {
  type FieldViolation,
  failure,
  invalid,
  isSha256,
  type Refusal,
  type Result,
  success,
} from '@lienthong/kit';
import { parseData, type UnitOf } from '@lienthong/workflow';

/**
 * Results with the procedure's names, and their data as it is kept. Refuses: RESULT_UNKNOWN, RESULT_TWICE, DIGEST_INVALID,
 * RESULT_EMPTY, DATA_*.
 */
export function nameResults(
  results: readonly DossierResult[],
  { produces }: Step,
  definition: Definition,
  unitOf: UnitOf,
): Result<DossierResult[]> {
  const violations: FieldViolation[] = [];
  const declared = (wanted: string) => definition.results.find(({ key }) => key === wanted);
  const named = results.map((one, i) => {
    const { key, sha256, number } = one;
    const add = (field: string, reason: string, description: string) =>
      violations.push({ field: `results[${i}].${field}`, reason, description });
    if (!produces.includes(key)) {
      const keys = produces.length === 0 ? 'no result' : produces.join(', ');
      add('key', 'RESULT_UNKNOWN', `is not a result of this step, which produces ${keys}`);
    }
    const twin = results.findIndex((one) => one.key === key);
    if (twin < i) add('key', 'RESULT_TWICE', `is the same as results[${twin}]`);
    if (sha256 !== '' && !isSha256(sha256))
      add('sha256', 'DIGEST_INVALID', 'must be 64 lower-case hexadecimal digits, or empty for paper');
    const parsed = parseData(declared(key)?.data ?? [], one.data, { unitOf });
    if (!parsed.ok)
      for (const { field, reason, description } of parsed.refusal.violations ?? [])
        add(field, reason, description);
    if (sha256 === '' && number === '' && Object.keys(one.data).length === 0)
      add(
        'sha256',
        'RESULT_EMPTY',
        'must name the attachment; a result on paper needs its number instead, or its data',
      );
    return { ...one, name: declared(key)?.name ?? '', data: parsed.ok ? parsed.value : {} };
  });
  return violations.length > 0 ? failure(invalid(violations)) : success(named);
}

/** A result that is produced again replaces the one before. */
export const mergeResults = (
  before: readonly DossierResult[],
  made: readonly DossierResult[],
): DossierResult[] => [...before.filter(({ key }) => !made.some((one) => one.key === key)), ...made];

export function findMissingResults(
  results: readonly DossierResult[],
  { produces }: Step,
): Refusal | undefined {
  const missing = produces.filter((key) => !results.some((one) => one.key === key));
  if (missing.length === 0) return undefined;
  return invalid(
    missing.map((key) => ({
      field: 'results',
      reason: 'RESULT_MISSING',
      description: `${key} is missing; the step produces it`,
    })),
  );
}
