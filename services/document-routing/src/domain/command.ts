import { type Result, unreachable } from '@lienthong/kit';
import type { RoutingDecision } from './change.ts';
import { decideIssue } from './issue.ts';
import type { IssueCommand } from './issue-command.ts';
import { decideRecall, type RecallCommand } from './recall.ts';
import { decideReport, type ReportCommand } from './report.ts';
import { decideSetSeries, type SetSeriesCommand } from './set-series.ts';
import type { RoutingState } from './state.ts';

export type Command = IssueCommand | RecallCommand | ReportCommand | SetSeriesCommand;
type Decisions = ReturnType<
  typeof decideIssue | typeof decideRecall | typeof decideReport | typeof decideSetSeries
>;
export type Reply = Extract<Decisions, { ok: true }>['value']['reply'];

/** Decides any command of this service. */
export function decide(command: Command, state: RoutingState): Result<RoutingDecision<Reply>> {
  switch (command.kind) {
    case 'issue':
      return decideIssue(command, state);
    case 'recall':
      return decideRecall(command, state);
    case 'report':
      return decideReport(command, state);
    case 'set-series':
      return decideSetSeries(command, state);
    default:
      return unreachable(command);
  }
}
