/** Papers that are handed in, against those the procedure asks for. */
import type { Paper } from '@lienthong/contracts/casework';
import { accepted, type FieldViolation, type Result } from '@lienthong/kit';
import { type Facts, mandatoryPapers } from '@lienthong/workflow';
import type { CompiledProcedure } from '../dossier/procedure.ts';

/** Digests say which attachment it is; whether it was uploaded is not asked here: services ask nobody at command time. */
export const isDigest = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);

export function wrongPapers(papers: readonly Paper[], { definition }: CompiledProcedure): FieldViolation[] {
  const known = new Set(definition.papers.map(({ key }) => key));
  return papers.flatMap((paper, i) => {
    const violations: FieldViolation[] = [];
    const wrong = (field: string, reason: string, description: string) =>
      violations.push({ field: `papers[${i}].${field}`, reason, description });
    if (paper.key !== '' && !known.has(paper.key))
      wrong(
        'key',
        'PAPER_UNKNOWN',
        `the procedure asks for no paper ${paper.key}; leave the key empty for others`,
      );
    if (paper.key === '' && paper.name.trim() === '')
      wrong('name', 'FIELD_REQUIRED', 'must say what the paper is, since it has no key');
    if (paper.sha256 !== '' && !isDigest(paper.sha256))
      wrong('sha256', 'DIGEST_INVALID', 'must be 64 lower-case hexadecimal digits, or empty for paper');
    for (const field of ['originals', 'copies'] as const)
      if (!Number.isInteger(paper[field]) || paper[field] < 0)
        wrong(field, 'COUNT_INVALID', 'must be a whole number from 0 up');
    if (paper.sha256 === '' && paper.originals + paper.copies === 0)
      wrong('sha256', 'PAPER_EMPTY', 'must name the attachment, or originals or copies must be counted');
    return violations;
  });
}

/** One violation for each mandatory paper that is not there. Refused: CONDITION_FAILED. */
export function missingPapers(
  papers: readonly Paper[],
  { workflow }: CompiledProcedure,
  facts: Facts,
): Result<FieldViolation[]> {
  const needed = mandatoryPapers(workflow, facts);
  if (!needed.ok) return needed;
  const there = new Set(papers.map(({ key }) => key));
  const missing = needed.value.filter(({ key }) => !there.has(key));
  return accepted(
    missing.map(({ key, name }) => ({
      field: 'papers',
      reason: 'PAPER_MISSING',
      description: `"${name}" (key ${key}) is missing`,
    })),
  );
}
