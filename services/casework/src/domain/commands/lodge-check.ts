import type { Paper } from '@lienthong/contracts/casework';
import { accepted, type FieldViolation, invalid, type Result, refused } from '@lienthong/kit';
import { type Facts, mandatoryPapers, parseData } from '@lienthong/workflow';
import type { Lodge } from '../command.ts';
import type { CompiledProcedure } from '../procedure.ts';
import type { Dossier } from '../state.ts';

/**
 * What is handed in, checked against the procedure; all that is wrong is said at once. Refused: CHANNEL_NOT_OFFERED,
 * FIELD_REQUIRED, DATA_*, PAPER_UNKNOWN, PAPER_EMPTY, DIGEST_INVALID, PAPER_MISSING.
 *
 * A sub-procedure's dossier brings what its parent has: what does not fit is left, and what is missing is for its
 * intake agency to see.
 */
export function checkedLodging(
  { applicant, channel, data, papers, parentDossierId }: Lodge,
  procedure: CompiledProcedure,
  intakeTier: string,
): Result<Pick<Dossier, 'data' | 'papers'>> {
  const { definition } = procedure;
  if (parentDossierId !== '')
    return accepted({ data: fittingData(procedure, data), papers: fittingPapers(procedure, papers) });
  const violations: FieldViolation[] = [];
  if (!definition.ways.some((way) => way.channel === channel))
    violations.push({
      field: 'channel',
      reason: 'CHANNEL_NOT_OFFERED',
      description: 'is not a way in which this procedure is taken in',
    });
  if (applicant.fullName.trim() === '')
    violations.push({
      field: 'applicant.full_name',
      reason: 'FIELD_REQUIRED',
      description: 'must not be empty',
    });
  const parsed = parseData(definition.data, data);
  if (!parsed.ok) violations.push(...(parsed.refusal.violations ?? []));
  violations.push(...wrongPapers(papers, procedure));
  if (parsed.ok) {
    const missing = missingPapers(papers, procedure, { data: parsed.value, channel, intakeTier });
    if (!missing.ok) return missing;
    violations.push(...missing.value);
  }
  if (!parsed.ok || violations.length > 0) return refused(invalid(violations));
  return accepted({ data: parsed.value, papers });
}

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

function fittingData(
  { definition }: CompiledProcedure,
  data: Record<string, string>,
): Record<string, string> {
  const fitting: Record<string, string> = {};
  for (const field of definition.data) {
    const text = data[field.key];
    if (text === undefined) continue;
    const parsed = parseData([field], { [field.key]: text });
    if (parsed.ok) Object.assign(fitting, parsed.value);
  }
  return fitting;
}

function fittingPapers({ definition }: CompiledProcedure, papers: readonly Paper[]): Paper[] {
  const known = new Set(definition.papers.map(({ key }) => key));
  return papers.map((paper) => (known.has(paper.key) ? paper : { ...paper, key: '' }));
}
