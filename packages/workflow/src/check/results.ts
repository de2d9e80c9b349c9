/** Checks that every way to a finish makes a result, and that some step makes each result. */
import { Effect } from '@lienthong/contracts/registry';
import { type Circumstances, waysOf } from '../circumstances.ts';
import type { CompiledWorkflow, LeafNode, Node, ParallelNode, StepNode } from '../model.ts';
import type { Problems } from '../problem.ts';

export function checkResults(
  { definition, root, leaves }: Pick<CompiledWorkflow, 'definition' | 'root' | 'leaves'>,
  circumstances: readonly Circumstances[],
  problems: Problems,
): void {
  const { results } = definition;
  const made = checkProduces(leaves, new Set(results.map((result) => result.key)), problems);
  for (const [i, { key }] of results.entries()) {
    if (key === '' || made.has(key)) continue;
    const message = `no step makes the result ${key}; name it under produces of the step that does`;
    problems.error('RESULT_NOT_PRODUCED', `results[${i}]`, message);
  }
  // Without results, or when no step makes one, this problem would be reported for every way.
  if (made.size === 0) return;
  for (const known of circumstances) {
    const missing = passes(root, { known, problems, path: [] });
    if (missing === undefined) continue;
    const message = `a dossier can finish without any result, by ${shown(missing)}; let a step on this way make one`;
    problems.error('RESULT_MISSING', root.place, message, root.key);
  }
}

/** The declared results that some step makes. */
function checkProduces(
  leaves: readonly LeafNode[],
  declared: ReadonlySet<string>,
  problems: Problems,
): Set<string> {
  const made = new Set<string>();
  for (const node of leaves) {
    if (node.kind !== 'step') continue;
    for (const [i, key] of node.block.produces.entries()) {
      if (declared.has(key)) made.add(key);
      const place = `${node.place}.step.produces[${i}]`;
      const message = `${key} is not a result of this procedure; it has ${[...declared].join(', ') || 'none'}`;
      if (!declared.has(key)) problems.error('RESULT_UNKNOWN', place, message, node.key);
    }
  }
  return made;
}

interface Search {
  known: Circumstances;
  problems: Problems;
  /** The blocks so far; no block among them made a result. */
  path: readonly string[];
}

/** A way through the block on which no step makes a result; undefined when there is none. */
function passes(node: Node, search: Search): readonly string[] | undefined {
  switch (node.kind) {
    case 'sequence': {
      let path: readonly string[] | undefined = search.path;
      for (const child of node.children) {
        path = passes(child, { ...search, path });
        if (path === undefined) return undefined;
      }
      return path;
    }
    case 'parallel':
      return passesParallel(node, search);
    case 'choice': {
      const ways = waysOf(node, search.known).map((way) => (way ? passes(way, search) : search.path));
      return ways.find((way) => way !== undefined);
    }
    case 'step':
      return passesStep(node, search);
    default:
      return [...search.path, node.key];
  }
}

function passesStep(node: StepNode, { path, problems }: Search): readonly string[] | undefined {
  const { outcomes, produces } = node.block;
  if (produces.length > 0) return undefined;
  const here = [...path, node.key];
  for (const [i, { key, effect }] of outcomes.entries()) {
    if (effect !== Effect.FINISH) continue;
    const message = `the outcome ${key} finishes the dossier without any result, by ${shown(here)}; let a step before or this one make one, or refuse`;
    problems.error('RESULT_MISSING', `${node.place}.step.outcomes[${i}]`, message, node.key);
  }
  const goesOn =
    outcomes.length === 0 ||
    outcomes.some(({ effect }) => effect !== Effect.FINISH && effect !== Effect.REFUSE);
  return goesOn ? here : undefined;
}

function passesParallel(
  { children, join, leading }: ParallelNode,
  search: Search,
): readonly string[] | undefined {
  const ways = children.map((child) => passes(child, search));
  if (join === 'lead') return ways[leading];
  if (join === 'first') return ways.find((way) => way !== undefined);
  if (ways.includes(undefined)) return undefined;
  return [...new Set(ways.flatMap((way) => way ?? []))];
}

const shown = (path: readonly string[]): string => (path.length === 0 ? 'doing nothing' : path.join(' → '));
