export { begin, complete, openings, sendBack } from './advance.ts';
export { checkDefinition } from './check/check.ts';
export type { Known } from './check/known.ts';
export { PROCEDURE_CODE } from './check/record.ts';
export {
  type Circumstances,
  circumstancesOf,
  type HasTierAbove,
  tiersFrom,
  waysOf,
} from './circumstances.ts';
export { compile } from './compile.ts';
export {
  type Condition,
  type ConditionCompiler,
  conditionCompiler,
  type Facts,
  type PartialFacts,
} from './condition/condition.ts';
export { fieldsOfPaths, fittingData, parseData } from './data/data.ts';
export { isIdentityNumber } from './data/identity.ts';
export { dataForEvents, filesIn, labelOf } from './data/parts.ts';
export type { UnitOf } from './data/read.ts';
export { type Data, isStated } from './data/tree.ts';
export { draw } from './draw/draw.ts';
export { durationText, type Names, performerText } from './draw/words.ts';
export { fewestMinutesOf, MINUTES_PER_DAY, minutesOf, toDuration } from './duration.ts';
export { type ComputedFee, computeFees, MAX_FEE_VND, totalOf } from './fees/compute.ts';
export { explainFee, type FeeExplanation, groupThousands } from './fees/explain.ts';
export { blocksIn, LIMITS, tooLarge } from './limits.ts';
export { chooseCase, findCase, isForCase } from './lodging/cases.ts';
export { applicantName, findWay, type Lodging, timeLimitOf, type WayFound } from './lodging/ways.ts';
export type {
  ChoiceNode,
  CompiledWorkflow,
  ConsultationNode,
  HandOverNode,
  LeafNode,
  Node,
  PaperRule,
  ParallelNode,
  SequenceNode,
  StepNode,
  SubProcedureNode,
} from './model.ts';
export { mandatoryPapers } from './papers.ts';
export { longest, type PathOptions, shortest, type Way } from './paths.ts';
export { performerKey, tierName } from './performer.ts';
export type { Opening, Position, Progress } from './position.ts';
export type { FieldViolation, Refusal, Result } from './result.ts';
