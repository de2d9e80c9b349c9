import type { RequiredPaper } from '@lienthong/contracts/registry';
import type { Facts } from './condition/condition.ts';
import type { CompiledWorkflow } from './model.ts';
import { failure, type Result, success } from './result.ts';

/**
 * The papers this dossier cannot do without: those that are mandatory and whose condition, if any, holds. Refused:
 * CONDITION_FAILED, naming the paper.
 */
export function mandatoryPapers(workflow: CompiledWorkflow, facts: Facts): Result<RequiredPaper[]> {
  const needed: RequiredPaper[] = [];
  for (const { paper, condition } of workflow.papers) {
    if (!paper.mandatory) continue;
    const holds = condition?.evaluate(facts) ?? success(true);
    if (!holds.ok) {
      return failure({ ...holds.refusal, message: `paper ${paper.key}: ${holds.refusal.message}` });
    }
    if (holds.value) needed.push(paper);
  }
  return success(needed);
}
