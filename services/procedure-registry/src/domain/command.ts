import type { Decision } from '@lienthong/eventlog';
import { type Result, success, unreachable } from '@lienthong/kit/pure';
import {
  type DiscardCommand,
  type DraftCommand,
  decideDiscard,
  decideDraft,
  decideImport,
  decideImportRecord,
  decideRevise,
  type ImportCommand,
  type ImportRecordCommand,
  type ReviseCommand,
} from './drafting.ts';
import { changeOf, type EventsAndReply, type RegistryEvent, type VersionChange } from './events.ts';
import {
  decidePublish,
  decideRepeal,
  decideValidate,
  type PublishCommand,
  type RepealCommand,
  type ValidateCommand,
} from './publishing.ts';
import type { RegistryState } from './state.ts';
import { decideResume, decideSuspend, type ResumeCommand, type SuspendCommand } from './suspending.ts';

export type Command =
  | DraftCommand
  | ReviseCommand
  | DiscardCommand
  | ImportCommand
  | ImportRecordCommand
  | ValidateCommand
  | PublishCommand
  | RepealCommand
  | SuspendCommand
  | ResumeCommand;

/** Pure: does not change the state. */
export function decide(
  command: Command,
  state: RegistryState,
): Result<Decision<unknown, readonly VersionChange[], RegistryEvent>> {
  const decided = decideByKind(command, state);
  if (!decided.ok) return decided;
  const { events, reply } = decided.value;
  return success({ events, reply, change: events.map(changeOf) });
}

function decideByKind(command: Command, state: RegistryState): Result<EventsAndReply<unknown>> {
  switch (command.kind) {
    case 'draft':
      return decideDraft(command, state);
    case 'revise':
      return decideRevise(command, state);
    case 'discard':
      return decideDiscard(command, state);
    case 'import':
      return decideImport(command, state);
    case 'import-record':
      return decideImportRecord(command, state);
    case 'validate':
      return decideValidate(command, state);
    case 'publish':
      return decidePublish(command, state);
    case 'repeal':
      return decideRepeal(command, state);
    case 'suspend':
      return decideSuspend(command, state);
    case 'resume':
      return decideResume(command, state);
    default:
      return unreachable(command);
  }
}
