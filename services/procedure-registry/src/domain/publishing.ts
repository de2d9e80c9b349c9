import {
  type Decision,
  type Problem,
  type Procedure,
  ProcedureState,
  type PublishProcedureResponse,
  type RepealProcedureResponse,
  type ValidateProcedureResponse,
} from '@lienthong/contracts/registry';
import { failure, invalid, type Refusal, type Result, success } from '@lienthong/kit/pure';
import { type EventsAndReply, versionEvent } from './events.ts';
import { definitionOf, type History, isChanged, isDraft, latestPublished } from './procedure.ts';
import {
  alreadyAmended,
  alreadyPublished,
  alreadyRepealed,
  draftChanged,
  notDraft,
  notPublished,
  notValidated,
  unknownProcedure,
} from './refusals.ts';
import { callersFrom, isError, type Period, problemsIn } from './soundness.ts';
import { findVersion, type RegistryState } from './state.ts';

const S = ProcedureState;

interface Dated {
  procedureId: string;
  /** The date of the call in Vietnam. */
  today: string;
}

/** The problems of a draft that were found before its command, among what `basis` of the state stands for. */
export interface Checked {
  basis: string;
  problems: readonly Problem[];
}

export interface ValidateCommand extends Dated {
  kind: 'validate';
  checked: Checked | undefined;
}

export interface PublishCommand extends Dated {
  kind: 'publish';
  checked: Checked | undefined;
  /** '' is today. */
  effectiveOn: string;
  decision: Decision;
  revision: number;
}

export interface RepealCommand extends Dated {
  kind: 'repeal';
  /** '' is today. */
  endedOn: string;
  decision: Decision;
}

/** Validates a draft without errors. A draft that is already validated does not change; the reply lists its problems. */
export function decideValidate(
  { procedureId, today, checked }: ValidateCommand,
  state: RegistryState,
): Result<EventsAndReply<ValidateProcedureResponse>> {
  const found = findVersion(state, procedureId);
  if (!found) return failure(unknownProcedure);
  const { history, version } = found;
  if (!isDraft(version)) return failure(notDraft(version));
  const problems = problemsOf(version, { from: today, to: today }, checked, state);
  if (version.state === S.VALIDATED || problems.some(isError))
    return success({ events: [], reply: { procedure: version, problems } });
  const procedure = { ...version, state: S.VALIDATED };
  return success({
    events: [versionEvent('lienthong.registry.v1.ProcedureValidated', history, procedure)],
    reply: { procedure, problems },
  });
}

/**
 * The version comes into force on a date, and the one before it ends on that date. The definition is checked again as
 * of that date, because agencies and other procedures may have changed since it was validated.
 */
export function decidePublish(
  command: PublishCommand,
  state: RegistryState,
): Result<EventsAndReply<PublishProcedureResponse>> {
  const { procedureId, today, decision } = command;
  const effectiveOn = command.effectiveOn || today;
  const found = findVersion(state, procedureId);
  if (!found) return failure(unknownProcedure);
  const { history, version } = found;
  if (!isDraft(version)) return failure(alreadyPublished(version));
  if (isChanged(version, command.revision)) return failure(draftChanged(version));
  if (version.state !== S.VALIDATED) return failure(notValidated(version));
  const wrongDate = tooEarly(history, effectiveOn, today) ?? inFuture(decision, today);
  if (wrongDate) return failure(wrongDate);
  const problems = problemsOf(version, { from: effectiveOn }, command.checked, state).filter(isError);
  if (problems.length > 0) return failure(unsound(version, problems));

  const procedure = { ...version, state: S.PUBLISHED, effectiveOn, decision };
  const published = versionEvent('lienthong.registry.v1.ProcedurePublished', history, procedure);
  const before = latestPublished(history);
  if (before?.state !== S.PUBLISHED)
    return success({ events: [published], reply: { procedure, amended: undefined } });
  const amended = { ...before, state: S.AMENDED, endedOn: effectiveOn, endedBy: decision };
  const ended = versionEvent('lienthong.registry.v1.ProcedureAmended', history, amended, 2);
  return success({ events: [published, ended], reply: { procedure, amended } });
}

/** The problems that were found before, or, once anything has changed since, those of now. */
const problemsOf = (
  version: Procedure,
  period: Period,
  checked: Checked | undefined,
  state: RegistryState,
): Problem[] =>
  checked && checked.basis === state.basis
    ? [...checked.problems]
    : problemsIn(state, definitionOf(version), period);

export function decideRepeal(
  command: RepealCommand,
  state: RegistryState,
): Result<EventsAndReply<RepealProcedureResponse>> {
  const { procedureId, today, decision } = command;
  const endedOn = command.endedOn || today;
  const found = findVersion(state, procedureId);
  if (!found) return failure(unknownProcedure);
  const { history, version } = found;
  if (isDraft(version)) return failure(notPublished(version));
  if (version.state === S.AMENDED) return failure(alreadyAmended(version));
  if (version.state === S.REPEALED) return failure(alreadyRepealed(version));
  const wrongDate = endsTooEarly(version, endedOn, today) ?? inFuture(decision, today);
  if (wrongDate) return failure(wrongDate);
  const callers = callersFrom(state, version.code, endedOn);
  if (callers.length > 0) return failure(inUse(version, callers));
  const procedure = { ...version, state: S.REPEALED, endedOn, endedBy: decision };
  return success({
    events: [versionEvent('lienthong.registry.v1.ProcedureRepealed', history, procedure)],
    reply: { procedure },
  });
}

function tooEarly(history: History, effectiveOn: string, today: string): Refusal | undefined {
  const early = (description: string) =>
    invalid([{ field: 'effective_on', description, reason: 'EFFECTIVE_DATE_TOO_EARLY' }]);
  if (effectiveOn < today) return early(`must be ${today} or later`);
  const before = latestPublished(history);
  if (before?.state === S.REPEALED && effectiveOn < before.endedOn)
    return early(`must be ${before.endedOn} or later: until then version ${before.version} is in force`);
  if (before && effectiveOn <= before.effectiveOn)
    return early(`must be after ${before.effectiveOn}, when version ${before.version} comes into force`);
  return undefined;
}

function endsTooEarly({ effectiveOn }: Procedure, endedOn: string, today: string): Refusal | undefined {
  const early = (description: string) =>
    invalid([{ field: 'ended_on', description, reason: 'END_DATE_TOO_EARLY' }]);
  if (endedOn < today) return early(`must be ${today} or later`);
  if (endedOn <= effectiveOn) return early(`must be after ${effectiveOn}, the version's first day`);
  return undefined;
}

const inFuture = ({ decidedOn }: Decision, today: string): Refusal | undefined =>
  decidedOn <= today
    ? undefined
    : invalid([
        {
          field: 'decision.decided_on',
          description: `must be ${today} or earlier; a decision counts once it is signed`,
          reason: 'DECISION_IN_FUTURE',
        },
      ]);

const unsound = (version: Procedure, problems: readonly Problem[]): Refusal => ({
  kind: 'failed-precondition',
  reason: 'DEFINITION_UNSOUND',
  message: `version ${version.version} of ${version.code} cannot come into force on that date: ${problems[0]?.message}; revise and validate it again`,
  metadata: { procedure_id: version.id, code: version.code },
  violations: problems.map(({ place, message, reason }) => ({
    field: `definition.${place}`,
    description: message,
    reason,
  })),
});

const inUse = (version: Procedure, callers: readonly string[]): Refusal => ({
  kind: 'failed-precondition',
  reason: 'PROCEDURE_IN_USE',
  message: `${version.code} is a sub-procedure of ${callers.join(', ')}; amend or repeal them first`,
  metadata: { procedure_id: version.id, code: version.code, callers: callers.join(',') },
});
