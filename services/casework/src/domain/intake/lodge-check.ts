import {
  type Applicant,
  ApplicantKind,
  type Paper,
  type ResultReturn,
  ReturnWay,
} from '@lienthong/contracts/casework';
import { channelToJSON, type Definition } from '@lienthong/contracts/registry';
import { type FieldViolation, invalid, refuse, success } from '@lienthong/kit';
import {
  applicantName,
  chooseCase,
  computeFees,
  type Facts,
  findWay,
  fittingData,
  type Lodging,
  parseData,
  timeLimitOf,
  type UnitOf,
} from '@lienthong/workflow';
import type { Lodge } from '../decision/command.ts';
import { unwrap } from '../decision/refusals.ts';
import type { CompiledProcedure } from '../dossier/procedure.ts';
import type { Dossier } from '../dossier/state.ts';
import { checkPapers, findMissingPapers } from './handed-in.ts';

type Checked = Pick<Dossier, 'data' | 'papers' | 'caseKey' | 'fees'>;

/**
 * Data, case, papers and fee, checked against the procedure; the refusal has every violation. Refuses:
 * CHANNEL_NOT_OFFERED, WAY_NOT_FOR_APPLICANT, WAY_NOT_FOR_CASE, FIELD_REQUIRED, DATA_*, CASE_*, PAPER_UNKNOWN, PAPER_EMPTY,
 * DIGEST_INVALID, PAPER_MISSING; FEE_NOT_COMPUTED, when nothing else is wrong.
 *
 * A sub-procedure's dossier gets what its parent has and fits; its intake agency looks for what is missing. Of a dossier
 * from another system what is given must be right; data and papers may lack, and so may case and fee where they cannot be
 * found.
 */
export function checkLodging(
  command: Lodge,
  procedure: CompiledProcedure,
  intakeTier: string,
  today: string,
  unitOf: UnitOf,
): Checked {
  const { applicant, channel, data, papers, resultReturn, parentDossierId, past } = command;
  const { definition, workflow } = procedure;
  const known = { channel, intakeTier, applicantKind: applicantName(applicant.kind) };
  const feesOf = (facts: Facts) => {
    const lodging = { channel, applicantKind: applicant.kind, caseKey: facts.caseKey };
    const found = findWay(definition, lodging);
    const computed = computeFees(workflow, 'way' in found ? found.way : undefined, facts, today);
    return computed.ok ? success({ each: computed.value }) : computed;
  };
  if (parentDossierId !== '') {
    const fitting = fittingData(definition.data, data);
    const chosen = chooseCase(workflow, '', { ...known, data: fitting });
    const caseKey = chosen.ok ? chosen.value : '';
    const fees = feesOf({ ...known, data: fitting, caseKey });
    return {
      data: fitting,
      papers: fittingPapers(procedure, papers),
      caseKey,
      fees: fees.ok ? fees.value : null,
    };
  }
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
  const parsed = parseData(definition.data, data, { unitOf, partial: past !== undefined });
  if (!parsed.ok) violations.push(...(parsed.refusal.violations ?? []));
  violations.push(...checkPapers(papers, procedure));
  const found = parsed.ok
    ? chooseCase(workflow, command.caseKey, { ...known, data: parsed.value })
    : undefined;
  const mayLack = past !== undefined && command.caseKey === '';
  const chosen = found?.ok === false && mayLack ? success('') : found;
  if (chosen?.ok === false) violations.push(...(chosen.refusal.violations ?? []));
  if (!parsed.ok || !chosen?.ok) return refuse(invalid(violations));
  const caseKey = chosen.value;
  violations.push(...checkWay(definition, { channel, applicantKind: applicant.kind, caseKey }));
  const facts = { ...known, data: parsed.value, caseKey };
  if (past === undefined) violations.push(...unwrap(findMissingPapers(papers, procedure, facts)));
  else violations.push(...checkTimeLimit(definition, { channel, applicantKind: applicant.kind, caseKey }));
  if (violations.length > 0) refuse(invalid(violations));
  const fees = feesOf(facts);
  return { data: parsed.value, papers, caseKey, fees: past && !fees.ok ? null : unwrap(fees) };
}

function checkTimeLimit(definition: Definition, lodging: Lodging): FieldViolation[] {
  if (timeLimitOf(definition, lodging) !== undefined) return [];
  const cases = definition.cases.map(({ key }) => key).join(', ');
  const description = `is required: the time limit depends on the case; name one of ${cases}`;
  return [{ field: 'case_key', reason: 'CASE_REQUIRED', description }];
}

/** Of a channel that the procedure offers: whether one of its rows is for the case and the applicant. */
function checkWay(definition: Definition, lodging: Lodging): FieldViolation[] {
  const found = findWay(definition, lodging);
  if ('way' in found || found.missing === 'channel') return [];
  if (found.missing === 'case')
    return [
      {
        field: 'channel',
        reason: 'WAY_NOT_FOR_CASE',
        description: `is not for the case ${lodging.caseKey}; use another channel`,
      },
    ];
  const description =
    lodging.applicantKind === ApplicantKind.UNSPECIFIED
      ? 'is required: this way to hand in is not for every applicant'
      : 'is not a kind of applicant that this way to hand in is for; use another channel';
  return [{ field: 'applicant.kind', reason: 'WAY_NOT_FOR_APPLICANT', description }];
}

const isPlaceMissing = ({ way, place }: ResultReturn, { address, email }: Applicant): boolean =>
  place === '' &&
  ((way === ReturnWay.POST && address === '') || (way === ReturnWay.ELECTRONIC && email === ''));

const channels = (ways: Definition['ways']) =>
  [...new Set(ways.map(({ channel }) => channelToJSON(channel)))].join(', ');

function fittingPapers({ definition }: CompiledProcedure, papers: readonly Paper[]): Paper[] {
  const known = new Set(definition.papers.map(({ key }) => key));
  return papers.map((paper) => (known.has(paper.key) ? paper : { ...paper, key: '' }));
}
