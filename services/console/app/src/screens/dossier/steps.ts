import type { registry } from '@lienthong/contracts/json';
import type { NamedStep } from '../../ui/act-field.tsx';

/** What a step of a procedure makes, with the names that the procedure has for it. */
export function resultsOf(definition: registry.Definition, blockKey: string): registry.ResultPaper[] {
  const step = findStep(definition.workflow, blockKey);
  return definition.results.filter(({ key }) => step?.produces.includes(key));
}

/** The earlier steps that a step may be sent back to. */
export const returnsOf = ({ workflow }: registry.Definition, blockKey: string): NamedStep[] =>
  (findStep(workflow, blockKey)?.returns ?? []).map(({ to }) => ({
    key: to,
    name: findStep(workflow, to)?.name ?? to,
  }));

/** Blocks hold blocks in lists of different names: what has the key and is a step is looked for everywhere. */
function findStep(part: unknown, key: string): registry.Step | undefined {
  if (typeof part !== 'object' || part === null) return undefined;
  const block = part as { key?: string; step?: registry.Step };
  if (block.key === key && block.step !== undefined) return block.step;
  for (const inner of Object.values(part)) {
    const found = findStep(inner, key);
    if (found !== undefined) return found;
  }
  return undefined;
}
