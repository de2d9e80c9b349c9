/** A workflow as the interpreter walks it: the tree of blocks, and compiled conditions. */
import type {
  Consultation,
  Definition,
  Fee,
  FeeRelief,
  FeeRule,
  HandOver,
  Outcome,
  ProcedureCase,
  RequiredPaper,
  Step,
  SubProcedure,
} from '@lienthong/contracts/registry';
import type { Condition } from './condition/condition.ts';

export interface NodeBase {
  readonly key: string;
  /** The block's place in the definition: `workflow.root.sequence.blocks[2]`. */
  readonly place: string;
  /** The block's number in the order of the workflow; its descendants have `order` + 1 to `last`. */
  readonly order: number;
  last: number;
  readonly parent: Node | undefined;
  /** The block's index among the children of its parent. */
  readonly slot: number;
  /** True in the lead branch of every parallel around it: its agency answers for the dossier. */
  readonly lead: boolean;
}

export interface StepNode extends NodeBase {
  readonly kind: 'step';
  readonly block: Step;
  readonly outcomes: Map<string, Outcome>;
  /** By the key of the step to return to. */
  readonly returns: Map<string, ReturnWay>;
}

export interface ReturnWay {
  readonly to: StepNode;
  readonly atMost: number;
  /** The block to abandon: the child, with this step in it, of the sequence that both steps share. */
  readonly leaves: Node;
}

export interface ConsultationNode extends NodeBase {
  readonly kind: 'consultation';
  readonly block: Consultation;
}

export interface HandOverNode extends NodeBase {
  readonly kind: 'hand-over';
  readonly block: HandOver;
}

export interface SubProcedureNode extends NodeBase {
  readonly kind: 'sub-procedure';
  readonly block: SubProcedure;
}

export interface SequenceNode extends NodeBase {
  readonly kind: 'sequence';
  readonly children: Node[];
}

export interface ParallelNode extends NodeBase {
  readonly kind: 'parallel';
  readonly children: Node[];
  readonly join: 'all' | 'lead' | 'first';
  /** The index of the child that leads. */
  readonly leading: number;
}

export interface ChoiceNode extends NodeBase {
  readonly kind: 'choice';
  /** One child per case, then `otherwise` when there is one. */
  readonly children: Node[];
  readonly conditions: Condition[];
  otherwise: Node | undefined;
}

/** A block that a dossier waits in. */
export type LeafNode = StepNode | ConsultationNode | HandOverNode | SubProcedureNode;
export type Node = LeafNode | SequenceNode | ParallelNode | ChoiceNode;

export interface PaperRule {
  readonly paper: RequiredPaper;
  /** Undefined: the paper is required of every dossier, if it is mandatory. */
  readonly condition: Condition | undefined;
}

/** A part of a definition with its compiled condition; undefined for one without. */
export interface Ruled<T> {
  readonly of: T;
  readonly condition: Condition | undefined;
}

/** A case without a condition is only named. */
export type CaseRule = Ruled<ProcedureCase>;

export interface FeeNode {
  readonly fee: Fee;
  readonly rules: readonly Ruled<FeeRule>[];
  readonly reliefs: readonly Ruled<FeeRelief>[];
}

/** Built once for each version of a procedure; immutable. */
export interface CompiledWorkflow {
  readonly definition: Definition;
  readonly root: Node;
  readonly nodes: ReadonlyMap<string, Node>;
  /** Steps, consultations, hand-overs and sub-procedures, in the order of the workflow. */
  readonly leaves: readonly LeafNode[];
  readonly papers: readonly PaperRule[];
  readonly cases: readonly CaseRule[];
  readonly fees: readonly FeeNode[];
}

export const isLeaf = (node: Node): node is LeafNode => !('children' in node);

/** True when a block is `ancestor` or in it. */
export const within = (node: Node, ancestor: Node): boolean =>
  node.order >= ancestor.order && node.order <= ancestor.last;
