import { createHash } from 'node:crypto';
import { DossierStatus, type LodgeDossierResponse, TaskKind, Urgency } from '@lienthong/contracts/casework';
import type { Agency } from '@lienthong/contracts/directory';
import { accepted, type Result, refused, vietnamDate } from '@lienthong/kit';
import { codeAt, partyAt, tierAt } from '@lienthong/reference-data';
import { tierName } from '@lienthong/workflow';
import { newClock } from '../deadlines/clock.ts';
import { maySpeak } from '../decision/access.ts';
import type { Lodge } from '../decision/command.ts';
import { decided, draftOf, emit } from '../decision/draft.ts';
import type { Decided } from '../decision/events.ts';
import { precondition } from '../decision/refusals.ts';
import type { CompiledProcedure } from '../dossier/procedure.ts';
import { toldPapers } from '../dossier/show.ts';
import type { Dossier } from '../dossier/state.ts';
import { codePrefix, type World } from '../dossier/world.ts';
import { openTask } from '../work/tasks.ts';
import { acceptInto } from './examine.ts';
import { checkedLodging } from './lodge-check.ts';

/**
 * Takes a dossier in at the caller's agency. Refused: PROCEDURE_NOT_IN_FORCE, WRONG_TIER, the fields of
 * `checkedLodging`, and what acceptance refuses.
 */
export function decideLodge(command: Lodge, world: World): Result<Decided> {
  const { caller, now } = command;
  const silent = maySpeak(world, caller, now);
  if (silent) return refused(silent);
  const today = vietnamDate(new Date(now));
  const intake = world.agencies.get(caller.agencyId) as Agency;
  const procedure = world.procedures.inForce(command.procedureCode, today);
  if (!procedure)
    return refused({
      kind: 'not-found',
      reason: 'PROCEDURE_NOT_IN_FORCE',
      message: `no procedure ${command.procedureCode} is in force on ${today}; a new one is known within moments`,
    });
  const tier = tierAt(intake, today);
  const { tiers } = procedure.definition;
  if (command.parentDossierId === '' && !tiers.includes(tier)) {
    const taken = tiers.map(tierName).join(', ');
    const message = `agencies of tier ${tierName(tier)} do not take this procedure in; those of ${taken} do`;
    return refused(precondition('WRONG_TIER', message));
  }
  const checked = checkedLodging(command, procedure, tierName(tier));
  if (!checked.ok) return checked;

  const dossier = { ...lodged(command, procedure, intake, world), ...checked.value };
  const draft = draftOf(dossier, procedure, world, caller, now);
  draft.applicant = command.applicant;
  emit(draft, 'lienthong.casework.v1.DossierLodged', {
    channel: command.channel,
    lodgedAt: new Date(now),
    papers: toldPapers(dossier.papers, procedure),
    parentDossierId: command.parentDossierId,
    trackingDigest: createHash('sha256').update(`${dossier.id}:${command.secret}`).digest(),
  });
  if (command.accept) {
    const refusal = acceptInto(draft);
    if (refusal) return refused(refusal);
  } else {
    const { within } = draft.rules.examination;
    const clock = newClock(now, within, true);
    openTask(draft, { kind: TaskKind.INTAKE, name: INTAKE, agency: dossier.intake, lead: true, clock });
  }
  const made = decided(draft);
  return accepted({ ...made, reply: replyOf(made.after.dossier, command.secret) });
}

const INTAKE = 'Kiểm tra, tiếp nhận hồ sơ';

function lodged(command: Lodge, { procedure }: CompiledProcedure, agency: Agency, world: World): Dossier {
  const { now, caller } = command;
  const today = vietnamDate(new Date(now));
  const prefix = codePrefix(codeAt(agency, today), now);
  const number = world.nextNumbers.get(prefix) ?? 1;
  const party = partyAt(agency, today);
  return {
    id: command.dossierId,
    code: `${prefix}-${String(number).padStart(4, '0')}`,
    version: 0,
    procedureId: procedure.id,
    channel: command.channel,
    status: DossierStatus.REGISTERED,
    intake: party,
    holder: party,
    heldByFunction: '',
    lodgedWith: caller.agencyId,
    participants: [caller.agencyId],
    lodgedAt: now,
    changedAt: now,
    acceptedAt: null,
    startedAt: null,
    refusedAt: null,
    withdrawnAt: null,
    finishedAt: null,
    returnedAt: null,
    heldSince: now,
    pause: null,
    supplements: 0,
    payments: [],
    extension: null,
    acts: {},
    reason: '',
    data: {},
    papers: [],
    results: [],
    position: null,
    open: [],
    lastTask: 0,
    parentDossierId: command.parentDossierId,
    parentTask: command.parentTask,
    secretHash: createHash('sha256').update(command.secret).digest('hex'),
    clock: null,
    dueAt: null,
    urgency: Urgency.ON_TIME,
    timerAt: null,
  };
}

const replyOf = (
  { id, code, status, dueAt, version }: Dossier,
  trackingSecret: string,
): LodgeDossierResponse => ({
  dossierId: id,
  code,
  trackingSecret,
  status,
  dueAt: dueAt === null ? undefined : new Date(dueAt),
  version: BigInt(version),
});
