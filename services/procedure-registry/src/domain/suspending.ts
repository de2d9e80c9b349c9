/** A version stops taking new dossiers in at once, and takes them in again. */
import type {
  Procedure,
  ResumeProcedureResponse,
  SuspendProcedureResponse,
} from '@lienthong/contracts/registry';
import { failure, type Result, success } from '@lienthong/kit/pure';
import { type EventsAndReply, versionEvent } from './events.ts';
import { isDraft, isEndedBy } from './procedure.ts';
import { alreadySuspended, notPublished, notSuspended, unknownProcedure, versionEnded } from './refusals.ts';
import { findVersion, type RegistryState } from './state.ts';

export interface SuspendCommand {
  kind: 'suspend';
  procedureId: string;
  reason: string;
  now: Date;
  /** The date of the call in Vietnam. */
  today: string;
}

export interface ResumeCommand {
  kind: 'resume';
  procedureId: string;
}

/** Also a version that comes into force later is suspended from now on. */
export function decideSuspend(
  { procedureId, reason, now, today }: SuspendCommand,
  state: RegistryState,
): Result<EventsAndReply<SuspendProcedureResponse>> {
  const found = findVersion(state, procedureId);
  if (!found) return failure(unknownProcedure);
  const { history, version } = found;
  if (isDraft(version)) return failure(notPublished(version));
  if (isEndedBy(version, today)) return failure(versionEnded(version));
  if (version.suspension) return failure(alreadySuspended(version));
  const procedure: Procedure = { ...version, suspension: { since: now, reason } };
  return success({
    events: [versionEvent('lienthong.registry.v1.ProcedureSuspended', history, procedure)],
    reply: { procedure },
  });
}

export function decideResume(
  { procedureId }: ResumeCommand,
  state: RegistryState,
): Result<EventsAndReply<ResumeProcedureResponse>> {
  const found = findVersion(state, procedureId);
  if (!found) return failure(unknownProcedure);
  const { history, version } = found;
  if (!version.suspension) return failure(notSuspended(version));
  const procedure: Procedure = { ...version, suspension: undefined };
  return success({
    events: [versionEvent('lienthong.registry.v1.ProcedureResumed', history, procedure)],
    reply: { procedure },
  });
}
