import type {
  IssueDocumentResponse,
  RecallDocumentResponse,
  ReportStatusResponse,
} from '@lienthong/contracts/routing';
import type { Decision } from '@lienthong/eventlog';
import { accepted, type Result, unreachable } from '@lienthong/kit';
import { changeOf, type RoutingChange } from './change.ts';
import type { RoutingEvent } from './events.ts';
import { decideIssue, type IssueCommand } from './issue.ts';
import { decideRecall, type RecallCommand } from './recall.ts';
import { decideReport, type ReportCommand } from './report.ts';
import type { RoutingState } from './state.ts';

export type Command = IssueCommand | RecallCommand | ReportCommand;
export type Reply = IssueDocumentResponse | RecallDocumentResponse | ReportStatusResponse;

/** What a command's own module decides. */
interface Decided {
  events: readonly RoutingEvent[];
  reply: Reply;
}

export type RoutingDecision = Decision<Reply, RoutingChange, RoutingEvent>;

/** Pure: does not change the state. */
export function decide(command: Command, state: RoutingState): Result<RoutingDecision> {
  const decided = decideByKind(command, state);
  if (!decided.ok) return decided;
  const { events, reply } = decided.value;
  const actor = { agencyId: command.callerId, officerId: command.officerId };
  return accepted({ events, reply, change: changeOf(events, actor) });
}

function decideByKind(command: Command, state: RoutingState): Result<Decided> {
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
