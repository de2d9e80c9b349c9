/** What each way to hand in means for a dossier: its time limit and its fee. */
import { ApplicantKind, type Definition, type SimulatedWay, type Way } from '@lienthong/contracts/registry';
import { vietnamDate } from '@lienthong/kit/pure';
import {
  applicantName,
  type CompiledWorkflow,
  computeFees,
  type Data,
  explainFee,
  isForCase,
  timeLimitOf,
  toDuration,
  totalOf,
} from '@lienthong/workflow';
import { type Calendar, start } from '@lienthong/working-time';

export interface LodgingAt {
  intakeTier: string;
  /** Epoch milliseconds. */
  receivedAt: number;
  calendar: Calendar;
  data: Data;
}

/** One for each row, kind of applicant and case that it is for. */
export const simulatedWays = (workflow: CompiledWorkflow, at: LodgingAt): SimulatedWay[] =>
  workflow.definition.ways.flatMap((way) => {
    const kinds = way.applicants.length === 0 ? [ApplicantKind.UNSPECIFIED] : way.applicants;
    const keys = casesOf(workflow.definition).filter((key) => isForCase(way, key));
    return kinds.flatMap((kind) => keys.map((key) => simulatedWay(workflow, way, kind, key, at)));
  });

const casesOf = ({ cases }: Definition): string[] =>
  cases.length === 0 ? [''] : cases.map(({ key }) => key);

function simulatedWay(
  workflow: CompiledWorkflow,
  way: Way,
  applicantKind: ApplicantKind,
  caseKey: string,
  { intakeTier, receivedAt, calendar, data }: LodgingAt,
): SimulatedWay {
  const { channel } = way;
  const timeLimit = timeLimitOf(workflow.definition, { channel, applicantKind, caseKey });
  const duration = toDuration(timeLimit);
  const started = duration && start(calendar, receivedAt, duration);
  const facts = { data, channel, intakeTier, applicantKind: applicantName(applicantKind), caseKey };
  const fees = computeFees(workflow, way, facts, vietnamDate(new Date(receivedAt)));
  return {
    channel,
    applicantKind,
    caseKey,
    timeLimit,
    legalDeadline: started?.ok ? new Date(started.value.deadline) : undefined,
    feeVnd: BigInt(fees.ok ? totalOf(fees.value) : 0),
    feeExplanations: fees.ok ? fees.value.map((fee) => explainFee(fee).vi) : [],
    feeOpen: fees.ok ? '' : fees.refusal.message,
  };
}
