import type { registry } from '@lienthong/contracts/json';

/** What a step of a procedure makes, with the names that the procedure has for it. */
export function resultsOf(definition: registry.Definition, blockKey: string): registry.ResultPaper[] {
  const step = findStep(definition.workflow, blockKey);
  return definition.results.filter(({ key }) => step?.produces.includes(key));
}

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
