import { Channel, type Definition, type Difference, type PlannedStep } from '@lienthong/contracts/registry';
import { MINUTES_PER_DAY, minutesOf } from '@lienthong/workflow';

/** A version as citizens and agencies meet it. */
export interface Measured {
  definition: Definition;
  steps: readonly PlannedStep[];
}

/** What changes for applicants and agencies: this version minus the one in force. */
export function differenceFrom(now: Measured, before: Measured & { version: number }): Difference {
  const [papers, papersBefore] = [now.definition.papers, before.definition.papers];
  const without = (one: typeof papers, other: typeof papers): string[] =>
    one.filter(({ key }) => !other.some((paper) => paper.key === key)).map(({ name }) => name);
  return {
    againstVersion: before.version,
    workingDays: daysOf(now.definition) - daysOf(before.definition),
    papers: papers.length - papersBefore.length,
    feeVnd: feeOf(now.definition) - feeOf(before.definition),
    contacts: contactsOf(now.definition) - contactsOf(before.definition),
    steps: now.steps.length - before.steps.length,
    agencies: agenciesOf(now) - agenciesOf(before),
    papersRemoved: without(papersBefore, papers),
    papersAdded: without(papers, papersBefore),
  };
}

/** The legal deadline. */
const daysOf = ({ timeLimit }: Definition): number => minutesOf(timeLimit) / MINUTES_PER_DAY;

/** In person, or the first way when there is none. */
const feeOf = ({ ways }: Definition): bigint =>
  (ways.find(({ channel }) => channel === Channel.IN_PERSON) ?? ways[0])?.feeVnd ?? 0n;

/** Intake and result, and payment where a fee is due. */
const contactsOf = (definition: Definition): number => (feeOf(definition) > 0n ? 3 : 2);

const agenciesOf = ({ steps }: Measured): number => new Set(steps.map(({ agencyId }) => agencyId)).size;
