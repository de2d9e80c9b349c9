/** Builds the interpreter's nodes from a definition, and reports what it could not walk. */
import {
  type Block,
  type Choice,
  type DataField,
  type Definition,
  Join,
  type Parallel,
} from '@lienthong/contracts/registry';
import { buildLeaf, type PendingReturn, resolveReturns } from './build-leaf.ts';
import { type Condition, type ConditionCompiler, conditionCompiler } from './condition/condition.ts';
import { patternProblem } from './data/pattern.ts';
import { checkKey } from './keys.ts';
import { LIMITS } from './limits.ts';
import {
  type CaseRule,
  type ChoiceNode,
  type FeeNode,
  isLeaf,
  type LeafNode,
  type Node,
  type NodeBase,
  type PaperRule,
  type ParallelNode,
  type SequenceNode,
} from './model.ts';
import type { Problems } from './problem.ts';

export interface BuildResult {
  /** Undefined when the definition has no root block. */
  root: Node | undefined;
  nodes: Map<string, Node>;
  leaves: LeafNode[];
  papers: PaperRule[];
  cases: CaseRule[];
  fees: FeeNode[];
}

interface BuildState extends BuildResult {
  problems: Problems;
  compile: ConditionCompiler;
  returns: PendingReturn[];
  order: number;
}

/**
 * Builds as much as it can and reports the rest. A tree with reported errors can be checked and drawn, but not run. The
 * definition must have passed `tooLarge`.
 */
export function build(definition: Definition, problems: Problems): BuildResult {
  checkPatterns(definition.data, 'data', problems);
  for (const [i, { data }] of definition.results.entries())
    checkPatterns(data, `results[${i}].data`, problems);
  const compile = conditionCompiler(definition.data);
  const building: BuildState = {
    root: undefined,
    nodes: new Map(),
    leaves: [],
    papers: [],
    cases: [],
    fees: [],
    problems,
    compile,
    returns: [],
    order: 0,
  };
  const root = definition.workflow?.root;
  if (root === undefined) {
    problems.error(
      'WORKFLOW_MISSING',
      'workflow.root',
      'the procedure has no workflow; give it a root block',
    );
  } else {
    building.root = buildBlock(building, root, {
      place: 'workflow.root',
      parent: undefined,
      slot: 0,
      lead: true,
    });
  }
  resolveReturns(building.returns, building.nodes, problems);
  building.papers = papersOf(definition, building);
  building.cases = casesOf(definition, building);
  building.fees = feesOf(definition, building);
  const { root: built, nodes, leaves, papers, cases, fees } = building;
  return { root: built, nodes, leaves, papers, cases, fees };
}

function checkPatterns(fields: readonly DataField[], place: string, problems: Problems): void {
  for (const [i, field] of fields.entries()) {
    const message = field.pattern === '' ? undefined : patternProblem(field);
    if (message) problems.error('PATTERN_INVALID', `${place}[${i}].pattern`, message);
    checkPatterns(field.fields, `${place}[${i}].fields`, problems);
  }
}

type NodePlace = Pick<NodeBase, 'place' | 'parent' | 'slot' | 'lead'>;

function buildBlock(building: BuildState, { key, block }: Block, nodePlace: NodePlace): Node | undefined {
  const { problems, nodes } = building;
  checkKey(problems, key, nodePlace.place, key);
  if (nodes.has(key) && key !== '') {
    problems.error(
      'KEY_DUPLICATE',
      nodePlace.place,
      `another block has the key ${key} already; choose another`,
      key,
    );
  }
  if (block === undefined) {
    const kinds = 'step, sequence, parallel, consultation, choice, hand_over or sub_procedure';
    problems.error('BLOCK_MISSING', nodePlace.place, `the block has no kind; make it a ${kinds}`, key);
    return undefined;
  }
  const order = building.order++;
  const base: NodeBase = { key, ...nodePlace, order, last: order };
  const node = newNode(base, block);
  if (!nodes.has(key)) nodes.set(key, node);
  if (isLeaf(node)) {
    building.leaves.push(node);
    buildLeaf(node, building.returns, problems);
  } else {
    addChildren(building, node, block);
    node.last = building.order - 1;
  }
  return node;
}

function newNode(base: NodeBase, block: NonNullable<Block['block']>): Node {
  switch (block.$case) {
    case 'step':
      return { ...base, kind: 'step', block: block.value, outcomes: new Map(), returns: new Map() };
    case 'consultation':
      return { ...base, kind: 'consultation', block: block.value };
    case 'handOver':
      return { ...base, kind: 'hand-over', block: block.value };
    case 'subProcedure':
      return { ...base, kind: 'sub-procedure', block: block.value };
    case 'sequence':
      return { ...base, kind: 'sequence', children: [] };
    case 'parallel': {
      const leading = block.value.branches.findIndex((branch) => branch.lead);
      return { ...base, kind: 'parallel', children: [], join: JOINS[block.value.join] ?? 'all', leading };
    }
    case 'choice':
      return { ...base, kind: 'choice', children: [], conditions: [], otherwise: undefined };
  }
}

const JOINS: Readonly<Record<number, ParallelNode['join']>> = {
  [Join.UNSPECIFIED]: 'all',
  [Join.ALL]: 'all',
  [Join.LEAD]: 'lead',
  [Join.FIRST]: 'first',
};

type Composite = SequenceNode | ParallelNode | ChoiceNode;

function addChildren(building: BuildState, node: Composite, block: NonNullable<Block['block']>): void {
  switch (block.$case) {
    case 'sequence': {
      const { blocks } = block.value;
      if (blocks.length === 0) {
        const message = 'the sequence is empty; give it at least one block';
        building.problems.error('SEQUENCE_EMPTY', node.place, message, node.key);
      }
      for (const [i, inner] of blocks.entries()) addChild(building, node, inner, `sequence.blocks[${i}]`);
      break;
    }
    case 'parallel':
      addBranches(building, node as ParallelNode, block.value);
      break;
    case 'choice':
      addCases(building, node as ChoiceNode, block.value);
  }
}

function addBranches(building: BuildState, node: ParallelNode, { branches, join }: Parallel): void {
  const complain = (reason: string, message: string) =>
    building.problems.error(reason, node.place, message, node.key);
  const most = LIMITS.parallelBranches;
  if (branches.length < 2) {
    complain('PARALLEL_TOO_FEW', `the parallel needs at least two branches; it has ${branches.length}`);
  }
  if (branches.length > most) {
    complain('PARALLEL_TOO_MANY', `the parallel has ${branches.length} branches; at most ${most}`);
  }
  const leads = branches.filter((branch) => branch.lead).length;
  if (leads === 0)
    complain('LEAD_MISSING', 'no branch leads; mark the one whose agency answers for the dossier');
  if (leads > 1) complain('LEAD_AMBIGUOUS', `${leads} branches lead; mark exactly one`);
  if (JOINS[join] === undefined)
    complain('ENUM_INVALID', `${join} is not a join rule; use all, lead or first`);
  for (const [i, { block, lead }] of branches.entries()) {
    addChild(building, node, block, `parallel.branches[${i}].block`, node.lead && lead);
  }
}

function addCases(building: BuildState, node: ChoiceNode, { cases, otherwise }: Choice): void {
  const complain = (reason: string, place: string, message: string) =>
    building.problems.error(reason, place, message, node.key);
  if (cases.length === 0)
    complain('CHOICE_EMPTY', node.place, 'the choice has no case; give it at least one');
  if (cases.length > LIMITS.cases) {
    complain('CHOICE_TOO_MANY', node.place, `the choice has ${cases.length} cases; at most ${LIMITS.cases}`);
  }
  for (const [i, { condition, block }] of cases.entries()) {
    const child = addChild(building, node, block, `choice.cases[${i}].block`);
    const compiled = building.compile(condition);
    if (!compiled.ok) {
      const { reason, message } = compiled.refusal;
      complain(reason, `${node.place}.choice.cases[${i}].condition`, message);
      // A case without its condition stays out of the tree, so that conditions and children have the same indexes.
      if (child !== undefined) node.children.pop();
    } else if (child !== undefined) {
      node.conditions.push(compiled.value);
    }
  }
  if (otherwise !== undefined) node.otherwise = addChild(building, node, otherwise, 'choice.otherwise');
}

function addChild(
  building: BuildState,
  parent: Composite,
  block: Block | undefined,
  within: string,
  lead = parent.lead,
): Node | undefined {
  const place = `${parent.place}.${within}`;
  if (block === undefined) {
    building.problems.error('BLOCK_MISSING', place, 'a block is missing here; give one', parent.key);
    return undefined;
  }
  const child = buildBlock(building, block, { place, parent, slot: parent.children.length, lead });
  if (child !== undefined) parent.children.push(child);
  return child;
}

const papersOf = ({ papers }: Definition, building: BuildState): PaperRule[] =>
  papers.map((paper, i) => ({
    paper,
    condition: optionalCondition(building, paper.condition, `papers[${i}].condition`),
  }));

const casesOf = ({ cases }: Definition, building: BuildState): CaseRule[] =>
  cases.map((of, i) => {
    const place = `cases[${i}].condition`;
    const condition = optionalCondition(building, of.condition, place);
    if (condition?.use.variables.has('case_key')) {
      building.problems.error('CONDITION_NOT_ALLOWED', place, 'case_key is not known yet; use the data');
    }
    return { of, condition };
  });

const feesOf = ({ fees }: Definition, building: BuildState): FeeNode[] =>
  fees.map((fee, i) => {
    const ruled = <T extends { condition: string }>(list: 'rules' | 'reliefs', parts: readonly T[]) =>
      parts.map((of, j) => ({
        of,
        condition: optionalCondition(building, of.condition, `fees[${i}].${list}[${j}].condition`),
      }));
    return { fee, rules: ruled('rules', fee.rules), reliefs: ruled('reliefs', fee.reliefs) };
  });

/** Undefined without a text, and for one that is reported. */
function optionalCondition(
  { compile, problems }: BuildState,
  text: string,
  place: string,
): Condition | undefined {
  if (text === '') return undefined;
  const compiled = compile(text);
  if (compiled.ok) return compiled.value;
  problems.error(compiled.refusal.reason, place, compiled.refusal.message);
  return undefined;
}
