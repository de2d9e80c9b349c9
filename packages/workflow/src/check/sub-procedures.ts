/** Checks that sub-procedures exist, end, and are sent to agencies that take them in. */
import type { Block, Definition } from '@lienthong/contracts/registry';
import { blocksIn, tooLarge } from '../limits.ts';
import type { CompiledWorkflow, SubProcedureNode } from '../model.ts';
import { tierName } from '../performer.ts';
import type { Problems } from '../problem.ts';
import type { Known } from './known.ts';
import { PROCEDURE_CODE } from './record.ts';

export function checkSubProcedures(
  { definition, leaves }: Pick<CompiledWorkflow, 'definition' | 'leaves'>,
  known: Known,
  problems: Problems,
): void {
  const subProceduresBy = createLookup(known);
  for (const node of leaves) {
    if (node.kind !== 'sub-procedure') continue;
    const code = node.block.procedureCode;
    const place = `${node.place}.sub_procedure.procedure_code`;
    if (!PROCEDURE_CODE.test(code)) {
      const message = 'a sub-procedure is named by the code of a procedure, for example 1.001193';
      problems.error('CODE_INVALID', place, message, node.key);
      continue;
    }
    const cycle = findCycle(definition.code, code, subProceduresBy);
    if (cycle !== undefined) {
      const message = `the work never ends: ${cycle.join(' → ')}; take one of them out`;
      problems.error('SUB_PROCEDURE_CYCLE', place, message, node.key);
      continue;
    }
    if (known.procedures === undefined) continue;
    const procedure = known.procedures(code);
    if (procedure === undefined) {
      const message = `there is no procedure ${code} in force; publish it first`;
      problems.error('SUB_PROCEDURE_UNKNOWN', place, message, node.key);
    } else if (procedure.servedElsewhere !== '') {
      const message = `${code} is served by another system (${procedure.servedElsewhere}): no dossier of it is lodged here`;
      problems.error('SUB_PROCEDURE_ELSEWHERE', place, message, node.key);
    } else {
      checkIntake(node, procedure, problems);
    }
  }
}

function checkIntake(node: SubProcedureNode, { code, tiers }: Definition, problems: Problems): void {
  const who = node.block.intake?.performer;
  if (who?.$case !== 'ancestor' || tiers.includes(who.value)) return;
  const message = `${code} is taken in at tier ${tiers.map(tierName).join(', ')}, not at ${tierName(who.value)}`;
  problems.error('PERFORMER_IMPOSSIBLE', `${node.place}.sub_procedure.intake`, message, node.key);
}

/** A lookup of a procedure's sub-procedure codes that reads each procedure once. */
function createLookup(known: Known): (code: string) => readonly string[] {
  const found = new Map<string, readonly string[]>();
  return (code) => {
    let codes = found.get(code);
    if (codes === undefined) {
      const procedure = known.procedures?.(code);
      codes = procedure === undefined || tooLarge(procedure) ? [] : subProceduresOf(procedure.workflow?.root);
      found.set(code, codes);
    }
    return codes;
  };
}

function subProceduresOf(root: Block | undefined): readonly string[] {
  const codes = new Set<string>();
  const queue = [root];
  for (let block = queue.pop(); block !== undefined; block = queue.pop()) {
    if (block.block?.$case === 'subProcedure') codes.add(block.block.value.procedureCode);
    queue.push(...blocksIn(block).filter((inner) => inner !== undefined));
  }
  return [...codes];
}

/** The first cycle of sub-procedures, through the procedure itself or among others. */
function findCycle(
  own: string,
  code: string,
  subProcedures: (code: string) => readonly string[],
): string[] | undefined {
  if (code === own) return [own, own];
  const finished = new Set<string>();
  // Depth first without recursion: the path, and the codes that are still to be visited from each code of it.
  const path = [own, code];
  const rest: string[][] = [[], [...subProcedures(code)]];
  while (path.length > 1) {
    const next = rest.at(-1)?.pop();
    if (next === undefined) {
      finished.add(path.pop() ?? '');
      rest.pop();
      continue;
    }
    if (path.includes(next)) return [...path, next];
    if (finished.has(next)) continue;
    path.push(next);
    rest.push([...subProcedures(next)]);
  }
  return undefined;
}
