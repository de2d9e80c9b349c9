import { type Applicant, type Paper, type ResultReturn, ReturnWay } from '@lienthong/contracts/casework';
import { channelToJSON, type Definition } from '@lienthong/contracts/registry';
import { type FieldViolation, invalid, refuse } from '@lienthong/kit';
import { parseData } from '@lienthong/workflow';
import type { Lodge } from '../decision/command.ts';
import { unwrap } from '../decision/refusals.ts';
import type { CompiledProcedure } from '../dossier/procedure.ts';
import type { Dossier } from '../dossier/state.ts';
import { checkPapers, findMissingPapers } from './handed-in.ts';

/**
 * Data and papers, checked against the procedure; the refusal has every violation. Refuses: CHANNEL_NOT_OFFERED,
 * FIELD_REQUIRED, DATA_*, PAPER_UNKNOWN, PAPER_EMPTY, DIGEST_INVALID, PAPER_MISSING.
 *
 * A sub-procedure's dossier gets what its parent has and fits; its intake agency looks for what is missing.
 */
export function checkLodging(
  { applicant, channel, data, papers, resultReturn, parentDossierId }: Lodge,
  procedure: CompiledProcedure,
  intakeTier: string,
): Pick<Dossier, 'data' | 'papers'> {
  const { definition } = procedure;
  if (parentDossierId !== '')
    return { data: fittingData(procedure, data), papers: fittingPapers(procedure, papers) };
  const violations: FieldViolation[] = [];
  if (!definition.ways.some((way) => way.channel === channel))
    violations.push({
      field: 'channel',
      reason: 'CHANNEL_NOT_OFFERED',
      description: `must be a channel of this procedure: ${channels(definition.ways)}`,
    });
  if (applicant.fullName.trim() === '')
    violations.push({
      field: 'applicant.full_name',
      reason: 'FIELD_REQUIRED',
      description: 'must not be empty',
    });
  if (resultReturn !== null && isPlaceMissing(resultReturn, applicant))
    violations.push({
      field: 'result_return.place',
      reason: 'FIELD_REQUIRED',
      description: 'is required: the applicant has no address of that kind to which the result can go',
    });
  const parsed = parseData(definition.data, data);
  if (!parsed.ok) violations.push(...(parsed.refusal.violations ?? []));
  violations.push(...checkPapers(papers, procedure));
  if (!parsed.ok) return refuse(invalid(violations));
  const facts = { data: parsed.value, channel, intakeTier };
  violations.push(...unwrap(findMissingPapers(papers, procedure, facts)));
  return violations.length > 0 ? refuse(invalid(violations)) : { data: parsed.value, papers };
}

const isPlaceMissing = ({ way, place }: ResultReturn, { address, email }: Applicant): boolean =>
  place === '' &&
  ((way === ReturnWay.POST && address === '') || (way === ReturnWay.ELECTRONIC && email === ''));

const channels = (ways: Definition['ways']) => ways.map(({ channel }) => channelToJSON(channel)).join(', ');

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
