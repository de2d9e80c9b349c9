import { type Result, unreachable } from '@lienthong/kit';
import { decideIssue, type IssueCommand, type Issued } from './issue.ts';
import { decideRecall, type RecallCommand, type Recalled } from './recall.ts';
import { decideReport, type ReportCommand, type Reported } from './report.ts';
import type { RoutingState } from './state.ts';

export type Command = IssueCommand | RecallCommand | ReportCommand;
export type Decided = Issued | Recalled | Reported;

export function decide(command: Command, state: RoutingState): Result<Decided> {
  switch (command.kind) {
    case 'issue':
      return decideIssue(command, state);
    case 'recall':
      return decideRecall(command, state);
    case 'report':
      return decideReport(command, state);
    default:
      return unreachable(command);
  }
}
