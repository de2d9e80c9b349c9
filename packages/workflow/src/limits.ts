import type { Block, DataField, Definition } from '@lienthong/contracts/registry';

/** The limits of a definition; real procedures stay far below. */
export const LIMITS = {
  blocks: 500,
  depth: 20,
  parallelBranches: 20,
  consulted: 20,
  returnTimes: 10,
  outcomes: 20,
  returns: 20,
  cases: 50,
  tiers: 20,
  papers: 200,
  /** Fields of groups included. */
  dataFields: 200,
  dataDepth: 4,
  dataRows: 100,
  choices: 500,
  results: 50,
  ways: 50,
  lodgingCases: 20,
  fees: 20,
  feeRules: 50,
  listEntries: 200,
  /** Characters of one text. */
  text: 20_000,
  /** Of keys and names. */
  key: 60,
  name: 500,
} as const;

/**
 * The first limit that a definition breaks, with its place. It looks at each block once, stops at the first excess, and
 * does not recurse: a definition that passes may be walked recursively.
 */
export function tooLarge(definition: Definition): { place: string; message: string } | undefined {
  return (
    tooLong(definition) ??
    tooManyFields('data', definition.data) ??
    tooManyResultFields(definition) ??
    tooManyBlocks(definition.workflow?.root)
  );
}

function tooManyResultFields({ results }: Definition): { place: string; message: string } | undefined {
  for (const [i, { data }] of results.entries()) {
    const excess = tooManyFields(`results[${i}].data`, data);
    if (excess) return excess;
  }
  return undefined;
}

function tooManyFields(
  place: string,
  all: readonly DataField[],
): { place: string; message: string } | undefined {
  const queue = [{ fields: all, depth: 1 }];
  let count = 0;
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    count += next.fields.length;
    if (count > LIMITS.dataFields)
      return at(place, `has more than ${LIMITS.dataFields} fields, those of groups included`);
    if (next.depth > LIMITS.dataDepth)
      return at(place, `groups are nested more than ${LIMITS.dataDepth - 1} deep`);
    for (const { fields, choices } of next.fields) {
      if (choices.length > LIMITS.choices)
        return at(place, `a field has ${choices.length} choices; at most ${LIMITS.choices}`);
      if (fields.length > 0) queue.push({ fields, depth: next.depth + 1 });
    }
  }
  return undefined;
}

function tooManyBlocks(root: Block | undefined): { place: string; message: string } | undefined {
  const queue: { block: Block | undefined; depth: number }[] = [{ block: root, depth: 1 }];
  let blocks = 0;
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (next.block === undefined) continue;
    blocks += 1;
    if (blocks > LIMITS.blocks) {
      return at(
        'workflow.root',
        `the workflow has more than ${LIMITS.blocks} blocks; divide it by sub-procedures`,
      );
    }
    if (next.depth > LIMITS.depth) {
      const message = `blocks are nested more than ${LIMITS.depth} deep at block ${shown(next.block.key)}`;
      return at('workflow.root', `${message}; use sequences side by side or sub-procedures`);
    }
    const inner = blocksIn(next.block);
    if (inner.length > LIMITS.blocks) {
      const message = `block ${shown(next.block.key)} holds ${inner.length} blocks`;
      return at('workflow.root', `${message}; a workflow has at most ${LIMITS.blocks}`);
    }
    for (const block of inner) queue.push({ block, depth: next.depth + 1 });
  }
  return undefined;
}

/** The blocks directly in a block; undefined for one that is missing. */
export function blocksIn({ block }: Block): readonly (Block | undefined)[] {
  switch (block?.$case) {
    case 'sequence':
      return block.value.blocks;
    case 'parallel':
      return block.value.branches.map((branch) => branch.block);
    case 'choice':
      return [...block.value.cases.map((one) => one.block), block.value.otherwise];
    default:
      return [];
  }
}

function tooLong(definition: Definition): { place: string; message: string } | undefined {
  const lists: [string, readonly unknown[], number][] = [
    ['tiers', definition.tiers, LIMITS.tiers],
    ['sequence', definition.sequence, LIMITS.listEntries],
    ['ways', definition.ways, LIMITS.ways],
    ['papers', definition.papers, LIMITS.papers],
    ['applicants', definition.applicants, LIMITS.listEntries],
    ['coordinating_agencies', definition.coordinatingAgencies, LIMITS.listEntries],
    ['results', definition.results, LIMITS.results],
    ['legal_basis', definition.legalBasis, LIMITS.listEntries],
    ['keywords', definition.keywords, LIMITS.listEntries],
    ['cases', definition.cases, LIMITS.lodgingCases],
    ['fees', definition.fees, LIMITS.fees],
    ...definition.fees
      .slice(0, LIMITS.fees)
      .flatMap(({ rules, reliefs }, i): [string, readonly unknown[], number][] => [
        [`fees[${i}].rules`, rules, LIMITS.feeRules],
        [`fees[${i}].reliefs`, reliefs, LIMITS.feeRules],
      ]),
  ];
  for (const [place, list, most] of lists) {
    if (list.length > most) return at(place, `has ${list.length} entries; at most ${most}`);
  }
  return undefined;
}

const at = (place: string, message: string) => ({ place, message });
const shown = (key: string): string => (key === '' ? '(without key)' : key.slice(0, LIMITS.key));
