import { type Result, unreachable } from '@lienthong/kit';
import {
  type DiscardCommand,
  type DraftCommand,
  decideDiscard,
  decideDraft,
  decideImport,
  decideRevise,
  type ImportCommand,
  type Outcome,
  type ReviseCommand,
} from './drafting.ts';
import {
  decidePublish,
  decideRepeal,
  decideValidate,
  type PublishCommand,
  type RepealCommand,
  type ValidateCommand,
} from './publishing.ts';
import type { RegistryState } from './state.ts';

export type Command =
  | DraftCommand
  | ReviseCommand
  | DiscardCommand
  | ImportCommand
  | ValidateCommand
  | PublishCommand
  | RepealCommand;

/** Pure: the state is not changed. */
export function decide(command: Command, state: RegistryState): Result<Outcome<unknown>> {
  switch (command.kind) {
    case 'draft':
      return decideDraft(command, state);
    case 'revise':
      return decideRevise(command, state);
    case 'discard':
      return decideDiscard(command, state);
    case 'import':
      return decideImport(command, state);
    case 'validate':
      return decideValidate(command, state);
    case 'publish':
      return decidePublish(command, state);
    case 'repeal':
      return decideRepeal(command, state);
    default:
      return unreachable(command);
  }
}
