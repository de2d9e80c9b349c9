/** A workflow with its relations resolved for one intake agency: agencies, lengths, nothing left to look up. */
import type { WorkingDuration } from '@lienthong/contracts/common';
import { Effect } from '@lienthong/contracts/registry';
import {
  type CompiledWorkflow,
  type Condition,
  type Data,
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
  /** Where it comes in the workflow; compares number by number. */
  order: readonly number[];
  /** Of its block, after those of the sub-procedures around it: "dat-dai/tham-dinh". */
  key: string;
  name: string;
  agencyId: string;
  duration: Duration;
  /** Of office hours, a day counting 480. */
  minutes: number;
  /** One of its outcomes finishes the dossier. */
  mayFinish: boolean;
}

/** What a step's outcomes do: all of them, and the usual one. */
export interface StepPart {
  kind: 'step';
  work: Work;
  mayContinue: boolean;
  usual: 'continue' | 'finish' | 'refuse';
}

/** What conditions are decided with; a sub-procedure's dossier has facts of its own. */
export interface Scope {
  facts: PartialFacts;
}

export interface Case {
  condition: string;
  /** Data fields that it reads. */
  fields: ReadonlySet<string>;
  /** Whether it holds for every dossier with the known facts; undefined while that is open. */
  holds: boolean | undefined;
}

export interface ChoicePart {
  kind: 'choice';
  scope: Scope;
  cases: readonly Case[];
  /** One per case, then `otherwise` when there is one. */
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
  /** Of each agency that receives. */
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
  /** Empty: everything is resolved. What is not is left out of the plan. */
  unresolved: readonly Unresolved[];
}

/** Procedures within procedures within procedures. */
const MAX_DEPTH = 5;

interface Context {
  territory: Territory;
  intake: string;
  scope: Scope;
  keys: readonly string[];
  order: readonly number[];
  /** Where the outermost sub-procedure stands, whose inside has no place in this definition. */
  place: string | undefined;
  unresolved: Unresolved[];
}

/** @param data what dossiers are known to say; fields left out are open */
export function planOf({ root }: CompiledWorkflow, territory: Territory, intake: string, data: Data): Plan {
  const unresolved: Unresolved[] = [];
  const known = Object.keys(data).length > 0 ? { data } : {};
  const scope = { facts: { ...known, intakeTier: territory.tierOf(intake) } };
  const context = { territory, intake, scope, keys: [], order: [], place: undefined, unresolved };
  const part = partOf(context, root) ?? { kind: 'sequence', parts: [] };
  return { root: part, intake, unresolved };
}

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
  // A field that is left out here is not one that a dossier leaves out.
  const open = use.asksPresence && [...use.fields].some((key) => facts.data?.[key] === undefined);
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
    intake: agencyId,
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
  { territory, intake, place, unresolved }: Context,
  node: LeafNode,
  performer: Parameters<Territory['performer']>[0],
  field: string,
): string | undefined {
  const agencyId = territory.performer(performer, intake);
  if (agencyId === undefined) {
    unresolved.push({
      reason: 'PERFORMER_UNRESOLVED',
      field: place === undefined ? `${node.place}.${field}` : `${place}.sub_procedure.procedure_code`,
      description: `block ${node.key}: no agency performs this for ${territory.nameOf(intake)}; name another relation, or assign it to an agency`,
    });
  }
  return agencyId;
}
