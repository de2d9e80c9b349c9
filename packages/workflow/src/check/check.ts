import type { Definition, Problem } from '@lienthong/contracts/registry';
import { build } from '../build.ts';
import { circumstancesOf } from '../circumstances.ts';
import { tooLarge } from '../limits.ts';
import { Problems } from '../problem.ts';
import { checkFees } from './fees.ts';
import type { Known } from './known.ts';
import { checkPerformers } from './performers.ts';
import { checkReach } from './reach.ts';
import { checkRecord } from './record.ts';
import { checkResults } from './results.ts';
import { checkSubProcedures } from './sub-procedures.ts';
import { checkTimes } from './times.ts';

/**
 * All problems of a definition, each with its place and a stable reason; a definition without errors may be published. A
 * definition beyond the limits gets DEFINITION_TOO_LARGE alone. Never throws.
 */
export function checkDefinition(definition: Definition, known: Known = {}): Problem[] {
  const problems = new Problems();
  const excess = tooLarge(definition);
  if (excess !== undefined) {
    problems.error('DEFINITION_TOO_LARGE', excess.place, excess.message);
    return problems.all;
  }
  checkRecord(definition, known, problems);
  const { root, leaves, fees } = build(definition, problems);
  const circumstances = circumstancesOf(definition);
  checkFees(definition, fees, circumstances, problems);
  if (root === undefined) return problems.all;
  const workflow = { definition, root, leaves };
  checkPerformers(workflow, circumstances, known, problems);
  checkReach(workflow, circumstances, problems);
  checkResults(workflow, circumstances, problems);
  checkSubProcedures(workflow, known, problems);
  checkTimes(workflow, circumstances, known, problems);
  return problems.all;
}
