import {
  type Definition,
  type DiscardDraftResponse,
  type DraftProcedureResponse,
  type ImportProcedureResponse,
  type ImportProceduresResponse,
  type Procedure,
  ProcedureState,
  type ReviseProcedureResponse,
  type UncertainReading,
} from '@lienthong/contracts/registry';
import { failure, invalid, type Result, success } from '@lienthong/kit/pure';
import { discardEvent, type EventsAndReply, type RegistryEvent, versionEvent } from './events.ts';
import { draftOf, type History, isChanged, isDraft, summaryOf } from './procedure.ts';
import { draftChanged, draftExists, notDraft, unknownProcedure } from './refusals.ts';
import { findVersion, type RegistryState } from './state.ts';

/** A well-formed definition, in its normal form; `id` (UUID) is for the version it becomes when it begins one. */
export interface NewDraft {
  id: string;
  definition: Definition;
}

export interface DraftCommand extends NewDraft {
  kind: 'draft';
}

export interface ReviseCommand {
  kind: 'revise';
  procedureId: string;
  definition: Definition;
  revision: number;
}

export interface DiscardCommand {
  kind: 'discard';
  procedureId: string;
  revision: number;
}

/** A record of the national portal, with what could not be read for certain. */
export interface ImportRecordCommand extends NewDraft {
  kind: 'import-record';
  uncertain: readonly UncertainReading[];
}

/** No two of one code. */
export interface ImportCommand {
  kind: 'import';
  definitions: readonly NewDraft[];
}

export function decideDraft(
  command: DraftCommand,
  state: RegistryState,
): Result<EventsAndReply<DraftProcedureResponse>> {
  const history = state.histories.get(command.definition.code);
  const draft = history && draftOf(history);
  if (draft) return failure(draftExists(draft));
  const { event, procedure } = begin(command, history);
  return success({ events: [event], reply: { procedure } });
}

export function decideRevise(
  { procedureId, definition, revision }: ReviseCommand,
  state: RegistryState,
): Result<EventsAndReply<ReviseProcedureResponse>> {
  const found = findVersion(state, procedureId);
  if (!found) return failure(unknownProcedure);
  if (!isDraft(found.version)) return failure(notDraft(found.version));
  if (isChanged(found.version, revision)) return failure(draftChanged(found.version));
  if (definition.code !== found.version.code)
    return failure(
      invalid([
        {
          field: 'definition.code',
          description: `must stay ${found.version.code}; draft another procedure under another code`,
          reason: 'CODE_DIFFERS',
        },
      ]),
    );
  const { event, procedure } = revise(found.history, found.version, definition);
  return success({ events: [event], reply: { procedure } });
}

export function decideDiscard(
  { procedureId, revision }: DiscardCommand,
  state: RegistryState,
): Result<EventsAndReply<DiscardDraftResponse>> {
  const found = findVersion(state, procedureId);
  if (!found) return failure(unknownProcedure);
  if (!isDraft(found.version)) return failure(notDraft(found.version));
  if (isChanged(found.version, revision)) return failure(draftChanged(found.version));
  return success({ events: [discardEvent(found.history, found.version)], reply: {} });
}

/** Each definition becomes a draft, or revises the one its code has. */
export function decideImport(
  { definitions }: ImportCommand,
  state: RegistryState,
): Result<EventsAndReply<ImportProceduresResponse>> {
  const made = definitions.map((one) => beginOrRevise(one, state));
  return success({
    events: made.map(({ event }) => event),
    reply: { procedures: made.map(({ procedure }) => summaryOf(procedure)) },
  });
}

export function decideImportRecord(
  { uncertain, ...draft }: ImportRecordCommand,
  state: RegistryState,
): Result<EventsAndReply<ImportProcedureResponse>> {
  const { event, procedure } = beginOrRevise(draft, state);
  return success({ events: [event], reply: { procedure, uncertain: [...uncertain] } });
}

/** A definition becomes a draft, or revises the one its code has. */
function beginOrRevise(one: NewDraft, state: RegistryState): Change {
  const history = state.histories.get(one.definition.code);
  const draft = history && draftOf(history);
  return history && draft ? revise(history, draft, one.definition) : begin(one, history);
}

interface Change {
  event: RegistryEvent;
  procedure: Procedure;
}

function begin({ id, definition }: NewDraft, before: History | undefined): Change {
  const { code } = definition;
  const history = before ?? { id, code, lastEvent: 0, versions: [] };
  const procedure: Procedure = {
    id,
    code,
    version: (history.versions.at(-1)?.version ?? 0) + 1,
    state: ProcedureState.DRAFT,
    effectiveOn: '',
    endedOn: '',
    decision: undefined,
    endedBy: undefined,
    definition,
    suspension: undefined,
    revision: 1,
  };
  return { event: versionEvent('lienthong.registry.v1.ProcedureDrafted', history, procedure), procedure };
}

function revise(history: History, draft: Procedure, definition: Definition): Change {
  const procedure = {
    ...draft,
    state: ProcedureState.DRAFT,
    definition,
    revision: draft.revision + 1,
  };
  return { event: versionEvent('lienthong.registry.v1.ProcedureRevised', history, procedure), procedure };
}
