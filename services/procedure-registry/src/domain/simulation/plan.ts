/** A workflow with all performers and durations resolved for one intake agency. */
import type { WorkingDuration } from '@lienthong/contracts/common';
import { type Definition, Effect } from '@lienthong/contracts/registry';
import type { DossierAgencies } from '@lienthong/reference-data/pure';
import {
  type CompiledWorkflow,
  type Condition,
  type Data,
  isStated,
  type LeafNode,
  minutesOf,
  type Node,
  type PartialFacts,
  type StepNode,
  toDuration,
} from '@lienthong/workflow';
import { type Duration, minutes } from '@lienthong/working-time';
import type { Territory } from './territory.ts';

/** One piece of work of one agency. */
export interface Work {
  /** Its place in the order of the workflow; compare number by number. */
  order: readonly number[];
  /** The keys of the sub-procedures around it and of its block: "dat-dai/tham-dinh". */
  key: string;
  name: string;
  agencyId: string;
  duration: Duration;
  /** Working minutes, with 480 for a day. */
  minutes: number;
  /** True when one of its outcomes finishes the dossier. */
  mayFinish: boolean;
}

/** A step with the effects of its outcomes. */
export interface StepPart {
  kind: 'step';
  work: Work;
  /** True when one of its outcomes continues. */
  mayContinue: boolean;
  /** The effect of its first outcome. */
  usual: 'continue' | 'finish' | 'refuse';
}

/** The facts that decide conditions; a sub-procedure's dossier has its own. */
export interface Scope {
  facts: PartialFacts;
}

export interface Case {
  condition: string;
  /** The data fields that the condition reads. */
  fields: ReadonlySet<string>;
  /** The condition's value for every dossier with the known facts; undefined when it depends on others. */
  holds: boolean | undefined;
}

export interface ChoicePart {
  kind: 'choice';
  scope: Scope;
  cases: readonly Case[];
  /** One for each case, then `otherwise` when there is one. */
  parts: readonly Part[];
}

export interface ParallelPart {
  kind: 'parallel';
  parts: readonly Part[];
  join: 'all' | 'lead' | 'first';
  leading: number;
}

export interface HandOverPart {
  kind: 'hand-over';
  to: string;
  /** The work of each agency that receives. */
  work: Omit<Work, 'agencyId'>;
}

export type Part =
  | StepPart
  | { kind: 'consultation'; lead: string; works: readonly Work[] }
  | HandOverPart
  | { kind: 'sub-procedure'; intake: string; part: Part }
  | { kind: 'sequence'; parts: readonly Part[] }
  | ParallelPart
  | ChoicePart;

/** A relation that names no agency, or a procedure that is not in force. */
export interface Unresolved {
  reason: 'PERFORMER_UNRESOLVED' | 'SUB_PROCEDURE_NOT_IN_FORCE' | 'SUB_PROCEDURES_TOO_DEEP';
  /** `workflow.root.sequence.blocks[2].step.performer` */
  field: string;
  description: string;
}

export interface Plan {
  root: Part;
  intake: string;
  /** The parts that could not be resolved; they are not in the plan. */
  unresolved: readonly Unresolved[];
}

/** The limit of sub-procedures within sub-procedures. */
const MAX_DEPTH = 5;

interface Context {
  territory: Territory;
  of: DossierAgencies;
  scope: Scope;
  keys: readonly string[];
  order: readonly number[];
  /** Where the outermost sub-procedure stands, whose inside has no place in this definition. */
  place: string | undefined;
  unresolved: Unresolved[];
}

/** @param data what dossiers are known to say; fields left out are open */
export function planOf(
  { root, definition }: CompiledWorkflow,
  territory: Territory,
  intake: string,
  data: Data,
): Plan {
  const unresolved: Unresolved[] = [];
  const known = Object.keys(data).length > 0 ? { data } : {};
  const scope = { facts: { ...known, intakeTier: territory.tierOf(intake) } };
  const of = agenciesOf(territory, definition, intake);
  const context = { territory, of, scope, keys: [], order: [], place: undefined, unresolved };
  const part = partOf(context, root) ?? { kind: 'sequence', parts: [] };
  return { root: part, intake, unresolved };
}

const agenciesOf = (
  territory: Territory,
  { executingAgency }: Definition,
  intakeId: string,
): DossierAgencies => ({ intakeId, competentId: territory.competent(executingAgency, intakeId) });

function partOf(context: Context, node: Node): Part | undefined {
  switch (node.kind) {
    case 'sequence':
      return { kind: 'sequence', parts: node.children.flatMap((child) => partOf(context, child) ?? []) };
    case 'parallel': {
      const parts = node.children.map((child) => partOf(context, child) ?? NOTHING);
      return { kind: 'parallel', parts, join: node.join, leading: node.leading };
    }
    case 'choice': {
      const parts = node.children.map((child) => partOf(context, child) ?? NOTHING);
      const cases = node.conditions.map((condition) => caseOf(condition, context.scope));
      return { kind: 'choice', scope: context.scope, cases, parts };
    }
    default:
      return leafOf(context, node);
  }
}

function caseOf(condition: Condition, { facts }: Scope): Case {
  const { text, use } = condition;
  // A field that is unknown here may be present in a dossier.
  const open = use.testsPresence && [...use.fields].some((path) => !isStated(facts.data ?? {}, path));
  return { condition: text, fields: use.fields, holds: open ? undefined : condition.decide(facts) };
}

const NOTHING: Part = { kind: 'sequence', parts: [] };

function leafOf(context: Context, node: LeafNode): Part | undefined {
  switch (node.kind) {
    case 'step': {
      const agencyId = resolve(context, node, node.block.performer, 'step.performer');
      return agencyId === undefined ? undefined : stepOf(context, node, agencyId);
    }
    case 'consultation': {
      const { lead, consulted, timeLimit, name } = node.block;
      const leadId = resolve(context, node, lead, 'consultation.lead');
      const consultedIds = consulted.map((one, i) =>
        resolve(context, node, one, `consultation.consulted[${i}]`),
      );
      const works = [...new Set(consultedIds)].flatMap((agencyId) =>
        agencyId ? { ...workOf(context, node, name, timeLimit), agencyId } : [],
      );
      return leadId ? { kind: 'consultation', lead: leadId, works } : undefined;
    }
    case 'hand-over': {
      const to = resolve(context, node, node.block.to, 'hand_over.to');
      const work = workOf(context, node, node.block.name, node.block.timeLimit);
      return to ? { kind: 'hand-over', to, work } : undefined;
    }
    case 'sub-procedure':
      return subOf(context, node);
  }
}

function stepOf(context: Context, node: StepNode, agencyId: string): StepPart {
  const { name, timeLimit, outcomes } = node.block;
  const effects = outcomes.map(({ effect }) => effect);
  const [usual] = effects;
  const top = context.keys.length === 0;
  return {
    kind: 'step',
    work: {
      ...workOf(context, node, name, timeLimit),
      agencyId,
      mayFinish: top && effects.includes(Effect.FINISH),
    },
    mayContinue:
      effects.length === 0 || effects.some((one) => one !== Effect.FINISH && one !== Effect.REFUSE),
    usual: usual === Effect.FINISH ? 'finish' : usual === Effect.REFUSE ? 'refuse' : 'continue',
  };
}

function subOf(context: Context, node: LeafNode & { kind: 'sub-procedure' }): Part | undefined {
  const { procedureCode, intake } = node.block;
  const place = context.place ?? node.place;
  const field = `${place}.sub_procedure.procedure_code`;
  if (context.keys.length === MAX_DEPTH) {
    const description = `opens procedures within procedures more than ${MAX_DEPTH} deep`;
    context.unresolved.push({ reason: 'SUB_PROCEDURES_TOO_DEEP', field, description });
    return undefined;
  }
  const agencyId = resolve(context, node, intake, 'sub_procedure.intake');
  const procedure = context.territory.procedure(procedureCode);
  if (procedure === undefined) {
    const description = `no version of ${procedureCode} is in force at the date; publish it first`;
    context.unresolved.push({ reason: 'SUB_PROCEDURE_NOT_IN_FORCE', field, description });
  }
  if (procedure === undefined || agencyId === undefined) return undefined;
  const inner: Context = {
    ...context,
    of: agenciesOf(context.territory, procedure.definition, agencyId),
    scope: { facts: { intakeTier: context.territory.tierOf(agencyId) } },
    keys: [...context.keys, node.key],
    order: [...context.order, node.order],
    place,
  };
  return { kind: 'sub-procedure', intake: agencyId, part: partOf(inner, procedure.root) ?? NOTHING };
}

function workOf(
  { keys, order }: Context,
  node: LeafNode,
  name: string,
  timeLimit: WorkingDuration | undefined,
): Omit<Work, 'agencyId'> {
  return {
    order: [...order, node.order],
    key: [...keys, node.key].join('/'),
    name,
    duration: toDuration(timeLimit) ?? minutes(0),
    minutes: minutesOf(timeLimit),
    mayFinish: false,
  };
}

function resolve(
  { territory, of, place, unresolved }: Context,
  node: LeafNode,
  performer: Parameters<Territory['performer']>[0],
  field: string,
): string | undefined {
  const agencyId = territory.performer(performer, of);
  if (agencyId === undefined) {
    unresolved.push({
      reason: 'PERFORMER_UNRESOLVED',
      field: place === undefined ? `${node.place}.${field}` : `${place}.sub_procedure.procedure_code`,
      description: `block ${node.key}: no agency performs this for ${territory.nameOf(of.intakeId)}; name another relation, or assign it to an agency`,
    });
  }
  return agencyId;
}
