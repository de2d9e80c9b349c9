import type { RequiredPaper } from '@lienthong/contracts/registry';
import type { Facts } from './condition/condition.ts';
import { isForCase } from './lodging/cases.ts';
import type { CompiledWorkflow } from './model.ts';
import { failure, type Result, success } from './result.ts';

/**
 * The papers that a dossier must have: the mandatory ones of its case whose condition holds, or that have none. Refuses:
 * CONDITION_FAILED, with the key of the paper.
 */
export function mandatoryPapers(workflow: CompiledWorkflow, facts: Facts): Result<RequiredPaper[]> {
  const needed: RequiredPaper[] = [];
  for (const { paper, condition } of workflow.papers) {
    if (!paper.mandatory || !isForCase(paper, facts.caseKey)) continue;
    const holds = condition?.evaluate(facts) ?? success(true);
    if (!holds.ok) {
      return failure({ ...holds.refusal, message: `paper ${paper.key}: ${holds.refusal.message}` });
    }
    if (holds.value) needed.push(paper);
  }
  return success(needed);
}
