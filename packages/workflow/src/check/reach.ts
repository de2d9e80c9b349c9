/** Reports the steps and cases that no dossier can reach. */
import { Effect } from '@lienthong/contracts/registry';
import { type Circumstances, waysOf } from '../circumstances.ts';
import type { ChoiceNode, CompiledWorkflow, Node } from '../model.ts';
import type { Problems } from '../problem.ts';

export function checkReach(
  { root }: Pick<CompiledWorkflow, 'root'>,
  circumstances: readonly Circumstances[],
  problems: Problems,
): void {
  visit(root, circumstances, problems);
}

/** True when the workflow can continue after a block. */
function visit(node: Node, circumstances: readonly Circumstances[], problems: Problems): boolean {
  switch (node.kind) {
    case 'step': {
      const { outcomes } = node.block;
      const ends = ({ effect }: { effect: Effect }) => effect === Effect.FINISH || effect === Effect.REFUSE;
      return outcomes.length === 0 || !outcomes.every(ends);
    }
    case 'sequence': {
      let stop: Node | undefined;
      for (const child of node.children) {
        if (stop === undefined) {
          if (!visit(child, circumstances, problems)) stop = child;
          continue;
        }
        const message = `no dossier gets here: ${stop.key} always ends the work; let an outcome continue, or remove this`;
        problems.error('STEP_UNREACHABLE', child.place, message, child.key);
      }
      return stop === undefined;
    }
    case 'parallel': {
      const branches = node.children.map((child) => visit(child, circumstances, problems));
      if (node.join === 'all') return branches.every(Boolean);
      return node.join === 'lead' ? branches[node.leading] !== false : branches.some(Boolean);
    }
    case 'choice':
      checkCases(node, circumstances, problems);
      return [...node.children.map((child) => visit(child, circumstances, problems)), !node.otherwise].some(
        Boolean,
      );
    default:
      return true;
  }
}

function checkCases(node: ChoiceNode, circumstances: readonly Circumstances[], problems: Problems): void {
  const reached = new Set(circumstances.flatMap((one) => waysOf(node, one)));
  const before = new Set<string>();
  for (const [i, child] of node.children.entries()) {
    const text = node.conditions[i]?.text;
    if (!reached.has(child)) {
      const why =
        text === undefined ? 'an earlier case always holds' : 'it never holds, or an earlier one always does';
      problems.error('CASE_UNREACHABLE', child.place, `no dossier takes this case: ${why}`, child.key);
    } else if (text !== undefined && before.has(text)) {
      const message = 'no dossier takes this case: an earlier one has the same condition';
      problems.error('CASE_UNREACHABLE', child.place, message, child.key);
    }
    if (text !== undefined) before.add(text);
  }
}
