/** Checks the fields of a procedure beside its workflow; they follow the national database of procedures. */
import { Channel, type Definition, type Performer, ServiceLevel } from '@lienthong/contracts/registry';
import { checkDistinct, checkKey } from '../keys.ts';
import { tierName } from '../performer.ts';
import type { Problems } from '../problem.ts';
import { checkDossierData, checkResultData } from './data.ts';
import type { Known } from './known.ts';
import { checkLodging } from './lodging.ts';
import { checkAncestor, checkPerformer } from './performers.ts';
import { checkText } from './text.ts';
import { checkDuration } from './times.ts';

/** "1.001193" (national) or "1.001612.000.00.00.H48" (local). */
export const PROCEDURE_CODE = /^\d\.\d{6}(\.\d{3}\.\d{2}\.\d{2}\.[A-Y]\d{2})?$/;

export function checkRecord(definition: Definition, known: Known, problems: Problems): void {
  if (!PROCEDURE_CODE.test(definition.code)) {
    const message = 'the code must read like 1.001193 (national) or 1.001612.000.00.00.H48 (local)';
    problems.error('CODE_INVALID', 'code', message);
  }
  checkText(definition.name, 'name', 'NAME_MISSING', 'the procedure has no name', problems);
  checkTiers(definition, problems);
  checkLodging(definition, problems);
  checkPapers(definition, problems);
  checkDossierData(definition.data, problems);
  checkServiceLevel(definition, problems);
  checkResults(definition, problems);
  checkAgencies(definition, known, problems);
  if (definition.legalBasis.every((text) => text.trim() === '')) {
    problems.error('LEGAL_BASIS_MISSING', 'legal_basis', 'no legal basis is given; name the law or decree');
  }
  checkDuration(definition.timeLimit, 'time_limit', problems);
}

function checkTiers({ tiers }: Definition, problems: Problems): void {
  if (tiers.length === 0)
    problems.error('TIERS_MISSING', 'tiers', 'no tier accepts this procedure; name at least one');
  for (const [i, tier] of tiers.entries()) {
    if (tierName(tier) === '')
      problems.error(
        'TIER_INVALID',
        `tiers[${i}]`,
        `${tier} is not a tier; use province, district, commune or department`,
      );
    else if (tiers.indexOf(tier) !== i) {
      problems.error('TIER_DUPLICATE', `tiers[${i}]`, `${tierName(tier)} is already named; name it once`);
    }
  }
}

/** NĐ 224/2026/NĐ-CP: a service that is not fully online is published with the reason (Điều 14). */
function checkServiceLevel({ serviceLevel, serviceLevelReason, ways }: Definition, problems: Problems): void {
  const isPartial = serviceLevel === ServiceLevel.PARTIAL;
  if (!Object.values<number>(ServiceLevel).includes(serviceLevel))
    problems.error('SERVICE_LEVEL_INVALID', 'service_level', 'the service level must be full or partial');
  if (serviceLevel !== ServiceLevel.UNSPECIFIED && !ways.some(({ channel }) => channel === Channel.ONLINE)) {
    const message = 'the procedure cannot be lodged online; add the way, or leave the service level out';
    problems.error('SERVICE_LEVEL_NOT_ONLINE', 'service_level', message);
  }
  if (isPartial && serviceLevelReason.trim() === '') {
    const message = 'a partial service needs the reason why it is not full, which is published with it';
    problems.error('SERVICE_LEVEL_REASON_MISSING', 'service_level_reason', message);
  }
  if (!isPartial && serviceLevelReason !== '') {
    const message = 'the reason has no effect, since the service is not partial';
    problems.warning('SERVICE_LEVEL_REASON_UNUSED', 'service_level_reason', message);
  }
}

function checkPapers({ papers }: Definition, problems: Problems): void {
  checkDistinct(
    problems,
    papers.map((paper) => paper.key),
    (i) => `papers[${i}].key`,
  );
  for (const [i, paper] of papers.entries()) {
    const place = `papers[${i}]`;
    checkKey(problems, paper.key, `${place}.key`);
    checkText(paper.name, `${place}.name`, 'NAME_MISSING', 'the paper has no name', problems);
    for (const field of ['originals', 'copies'] as const) {
      if (paper[field] >= 0) continue;
      problems.error('COUNT_NEGATIVE', `${place}.${field}`, `${paper[field]} is negative; give 0 or more`);
    }
    if (paper.mandatory && paper.originals === 0 && paper.copies === 0) {
      const message = 'the paper is mandatory, but requires neither originals nor copies';
      problems.warning('PAPER_COUNT_MISSING', place, message);
    }
    if (paper.condition !== '' && !paper.mandatory) {
      const message = 'the condition has no effect, since the paper is not mandatory';
      problems.warning('CONDITION_UNUSED', `${place}.condition`, message);
    }
  }
}

function checkResults({ results }: Definition, problems: Problems): void {
  if (results.length === 0) {
    problems.error(
      'RESULTS_MISSING',
      'results',
      'the procedure has no result; name what the applicant receives',
    );
  }
  checkDistinct(
    problems,
    results.map((result) => result.key),
    (i) => `results[${i}].key`,
  );
  for (const [i, result] of results.entries()) {
    checkKey(problems, result.key, `results[${i}].key`);
    checkText(result.name, `results[${i}].name`, 'NAME_MISSING', 'the result has no name', problems);
    checkResultData(result.data, `results[${i}].data`, problems);
  }
}

/** The executing agency decides who is competent, so it cannot be relative to the competent agency. */
function checkOrigin({ performer }: Performer, problems: Problems): void {
  if (performer === undefined || !performer.$case.startsWith('competent')) return;
  const message = 'this decides which agency is competent; use intake, ancestor, function or agency_id';
  problems.error('PERFORMER_CIRCULAR', 'executing_agency', message);
}

function checkAgencies(definition: Definition, known: Known, problems: Problems): void {
  const { executingAgency, decidingAgency, authorisedAgency, coordinatingAgencies, tiers } = definition;
  const named = {
    executing_agency: executingAgency,
    deciding_agency: decidingAgency,
    authorised_agency: authorisedAgency,
    ...Object.fromEntries(coordinatingAgencies.map((agency, i) => [`coordinating_agencies[${i}]`, agency])),
  };
  for (const [place, performer] of Object.entries(named)) {
    if (performer !== undefined) {
      checkPerformer(performer, place, known, problems);
      if (place === 'executing_agency') checkOrigin(performer, problems);
      for (const tier of tiers) checkAncestor(performer, tier, place, known, problems);
    } else if (place !== 'authorised_agency') {
      problems.warning(
        'PERFORMER_MISSING',
        place,
        'no agency is named; name it, as the national database of procedures does',
      );
    }
  }
}
