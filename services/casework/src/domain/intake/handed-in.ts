/** Papers that are handed in, against those that the procedure requires. */
import type { Paper } from '@lienthong/contracts/casework';
import { type FieldViolation, isSha256, type Result, success } from '@lienthong/kit';
import { type Facts, mandatoryPapers } from '@lienthong/workflow';
import type { CompiledProcedure } from '../dossier/procedure.ts';

/**
 * One violation for each wrong field. Whether the attachment that a digest names was uploaded is not checked: a command
 * calls no other service.
 */
export function checkPapers(papers: readonly Paper[], { definition }: CompiledProcedure): FieldViolation[] {
  const known = new Set(definition.papers.map(({ key }) => key));
  return papers.flatMap((paper, i) => {
    const violations: FieldViolation[] = [];
    const add = (field: string, reason: string, description: string) =>
      violations.push({ field: `papers[${i}].${field}`, reason, description });
    if (paper.key !== '' && !known.has(paper.key))
      add(
        'key',
        'PAPER_UNKNOWN',
        `${paper.key} is not a paper of the procedure; leave the key empty for other papers`,
      );
    if (paper.key === '' && paper.name.trim() === '')
      add('name', 'FIELD_REQUIRED', 'is required for a paper without a key: its name');
    if (paper.sha256 !== '' && !isSha256(paper.sha256))
      add('sha256', 'DIGEST_INVALID', 'must be 64 lower-case hexadecimal digits, or empty for paper');
    for (const field of ['originals', 'copies'] as const)
      if (!Number.isInteger(paper[field]) || paper[field] < 0)
        add(field, 'COUNT_INVALID', 'must be a whole number from 0 up');
    if (paper.sha256 === '' && paper.originals + paper.copies === 0)
      add(
        'sha256',
        'PAPER_EMPTY',
        'must name the attachment; for a paper handed in on paper count originals or copies instead',
      );
    return violations;
  });
}

/** One violation for each mandatory paper that is missing. Refuses: CONDITION_FAILED. */
export function findMissingPapers(
  papers: readonly Paper[],
  { workflow }: CompiledProcedure,
  facts: Facts,
): Result<FieldViolation[]> {
  const needed = mandatoryPapers(workflow, facts);
  if (!needed.ok) return needed;
  const there = new Set(papers.map(({ key }) => key));
  const missing = needed.value.filter(({ key }) => !there.has(key));
  return success(
    missing.map(({ key, name }) => ({
      field: 'papers',
      reason: 'PAPER_MISSING',
      description: `"${name}" (key ${key}) is missing`,
    })),
  );
}
