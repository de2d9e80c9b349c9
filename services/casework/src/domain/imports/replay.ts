/** What happened in another system, done once more by the deciders of this one: at its time and by its agencies. */
import { TaskKind } from '@lienthong/contracts/casework';
import { invalid, PLATFORM, refuse, vietnamDate } from '@lienthong/kit';
import { resolveCode } from '@lienthong/reference-data';
import type { Caller, Transition } from '../decision/command.ts';
import { execute } from '../decision/decide.ts';
import { openDraft } from '../decision/draft.ts';
import type { Decision } from '../decision/events.ts';
import { settle } from '../decision/settle.ts';
import type { Dossier, Task } from '../dossier/state.ts';
import type { World } from '../dossier/world.ts';
import { bringUpToDate } from '../succession/reroute.ts';
import type { CodeRef, PastAct } from './line.ts';

/** What an act of the past did, and the agency whose act it was. */
export interface Replayed {
  decision: Decision;
  /** '' of the platform. */
  actorAgencyId: string;
}

/**
 * A dossier after an act of the past. Refuses, by field of the act: what the act's transition refuses, ACT_OUT_OF_ORDER,
 * STEP_NOT_OPEN, CODE_*.
 */
export function replay(before: Dossier, act: PastAct, world: World): Replayed {
  if (act.at < before.changedAt)
    refuseField(
      'at',
      'ACT_OUT_OF_ORDER',
      'is before what comes before it in the line; sort the acts by time',
    );
  // Agencies that ended in the meantime have passed their work on, as it happened then.
  const draft = { ...bringUpToDate(openDraft(before, world, PLATFORM, act.at)), isPast: true };
  const dossier = settle(draft).change.dossier;
  const command = toTransition(act, dossier, world);
  const { caller } = command;
  return {
    decision: settle(execute({ ...draft, dossier, caller }, command)),
    actorAgencyId: caller.agencyId,
  };
}

function toTransition(act: PastAct, dossier: Dossier, world: World): Transition {
  const { id: dossierId, intake, holder } = dossier;
  const of = (agencyId: string) => ({ dossierId, caller: callerOf(act, agencyId), now: act.at });
  const onTask = (task: Task) => ({ ...of(task.agency.agencyId), taskNumber: task.number });
  switch (act.kind) {
    case 'accepted':
      return { kind: 'accept', ...of(intake.agencyId) };
    case 'assigned':
      return { kind: 'assign', ...onTask(taskOf(act, dossier, world)), officerId: act.officerId };
    case 'completed': {
      const task = taskOf(act, dossier, world);
      const { outcome, note, results } = act;
      return task.kind === TaskKind.SUB_PROCEDURE
        ? { kind: 'sub-ended', ...onTask(task), caller: PLATFORM, finished: outcome !== 'refused', results }
        : { kind: 'complete', ...onTask(task), outcome, note, results, data: {} };
    }
    case 'supplementRequested':
      return {
        kind: 'request-supplement',
        ...of(holder.agencyId),
        ...{ content: act.content, reason: act.reason, contactPhone: '' },
      };
    case 'supplementReceived':
      return { kind: 'receive-supplement', ...of(intake.agencyId), papers: act.papers, data: {} };
    case 'paymentRequested':
      return {
        kind: 'request-payment',
        ...of(holder.agencyId),
        ...{ amountVnd: act.amountVnd, content: act.content },
      };
    case 'paid':
      return {
        kind: 'record-payment',
        ...of(intake.agencyId),
        ...{ amountVnd: act.amountVnd, receipt: act.receipt },
      };
    case 'stopped':
      return { kind: 'stop', ...of(holder.agencyId), reason: act.reason };
    case 'resumed':
      return { kind: 'resume', ...of(holder.agencyId) };
    case 'extended':
      return { kind: 'extend', ...of(holder.agencyId), dueAt: act.dueAt, reason: act.reason };
  }
}

/** Who did it may do it: which of an agency's officers was in charge there, only that system knows. */
const callerOf = ({ officerId }: PastAct, agencyId: string): Caller => ({
  agencyId,
  officerId,
  roles: ['leader'],
});

/** The open task of a step, of the agency that the act names if several have one. */
function taskOf(
  { blockKey, agency, at }: Extract<PastAct, { blockKey: string }>,
  { open }: Dossier,
  { agencies }: World,
): Task {
  const agencyId = agency && agencyAt(agencies, agency, at, 'agency').id;
  const ofStep = open.filter((task) => task.kind !== TaskKind.INTAKE && task.blockKey === blockKey);
  const [task, ...others] = ofStep.filter((one) => agencyId === null || one.agency.agencyId === agencyId);
  if (task === undefined) {
    const steps = open.map((one) => `${one.blockKey || 'the acceptance'} of ${one.agency.name}`).join('; ');
    return refuseField(
      'block_key',
      'STEP_NOT_OPEN',
      `is not a step that is open at this time; what is open: ${steps || 'nothing'}`,
    );
  }
  if (others.length > 0)
    refuseField('agency', 'FIELD_REQUIRED', 'is required: several agencies have an open task of this step');
  return task;
}

/** The agency that had a code on the day. Refuses, at `field`: CODE_UNKNOWN, CODE_NOT_VALID_AT_DATE. */
export function agencyAt(agencies: World['agencies'], { scheme, code }: CodeRef, at: number, field: string) {
  const date = vietnamDate(new Date(at));
  const resolution = resolveCode(agencies, scheme, code, date);
  if ('found' in resolution) return resolution.found;
  const description = `is not the code of an agency on ${date}; give the code of that day, as the directory has it`;
  return refuseField(`${field}.code`, resolution.reason, description);
}

export const refuseField = (field: string, reason: string, description: string): never =>
  refuse(invalid([{ field, reason, description }]));
