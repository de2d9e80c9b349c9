import type { Paper } from '@lienthong/contracts/casework';
import { channelToJSON, type Definition } from '@lienthong/contracts/registry';
import { accepted, type FieldViolation, invalid, type Result, refused } from '@lienthong/kit';
import { parseData } from '@lienthong/workflow';
import type { Lodge } from '../decision/command.ts';
import type { CompiledProcedure } from '../dossier/procedure.ts';
import type { Dossier } from '../dossier/state.ts';
import { missingPapers, wrongPapers } from './handed-in.ts';

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
      description: `is not a way in which this procedure is taken in; it has ${offered(definition.ways)}`,
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

const offered = (ways: Definition['ways']) => ways.map(({ channel }) => channelToJSON(channel)).join(', ');

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
