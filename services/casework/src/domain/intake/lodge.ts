/** A citizen's dossier is taken in. */
import { DossierStatus, type LodgeDossierResponse, TaskKind, Urgency } from '@lienthong/contracts/casework';
import type { Agency } from '@lienthong/contracts/directory';
import { type Refusal, refuse, toDigest, toTrackingDigest, vietnamDate } from '@lienthong/kit';
import { actingAgency, codeAt, partyAt, tierAt } from '@lienthong/reference-data';
import { tierName } from '@lienthong/workflow';
import { createClock } from '../deadlines/clock.ts';
import type { Lodge } from '../decision/command.ts';
import { apply, createDraft, type Edit, emit } from '../decision/draft.ts';
import type { Decision } from '../decision/events.ts';
import { enforce, precondition, unwrap } from '../decision/refusals.ts';
import { settle } from '../decision/settle.ts';
import { toDate, toEventPapers, toFee } from '../dossier/messages.ts';
import type { CompiledProcedure } from '../dossier/procedure.ts';
import type { Dossier } from '../dossier/state.ts';
import { codePrefix, type World } from '../dossier/world.ts';
import { mustHaveFiles, named, namedIn } from '../files/named.ts';
import type { ResolvedPerformer } from '../work/performers.ts';
import { openTask, withParticipant } from '../work/tasks.ts';
import { findCompetent } from './competent.ts';
import { acceptDossier } from './examine.ts';
import { checkLodging } from './lodge-check.ts';
import { agencyNamed, type Place } from './named-agency.ts';
import { unitFinder } from './units.ts';

/**
 * Takes a dossier in at the caller's agency. Refuses: PROCEDURE_NOT_IN_FORCE, PROCEDURE_SERVED_ELSEWHERE,
 * PROCEDURE_SUSPENDED, what `findCompetent` and `agencyNamed` refuse, the fields of `checkLodging`, FILE_NOT_UPLOADED, and
 * what acceptance refuses.
 */
export function lodge(command: Lodge, world: World): Decision {
  const { caller, now, applicant } = command;
  const today = vietnamDate(new Date(now));
  const intake = unwrap(actingAgency(world.agencies, caller.agencyId, today));
  const procedure = procedureFor(command, world, today);
  const competent = findCompetent(command, procedure.definition, intake, world);
  const counter = counterOf(command, { intake, world, today });
  const checked = checkLodging(
    command,
    procedure,
    tierName(tierAt(intake, today)),
    today,
    unitFinder(world.agencies, today),
  );
  // The parent of a sub-procedure's dossier carries its files.
  if (command.parentDossierId === '')
    mustHaveFiles(world, caller, [...named('papers', command.papers), ...namedIn(procedure, checked.data)]);
  const dossier = { ...createDossier(command, procedure, { intake, competent, counter }, world), ...checked };
  const draft = apply(
    { ...createDraft(dossier, procedure, world, caller, now), isPast: command.past !== undefined },
    emit('lienthong.casework.v1.DossierLodged', {
      channel: command.channel,
      lodgedAt: new Date(now),
      papers: toEventPapers(dossier.papers, procedure),
      parentDossierId: command.parentDossierId,
      trackingDigest: toTrackingDigest(dossier.id, command.secret),
    }),
    command.accept ? acceptDossier : openExamination,
  );
  const { events, change } = settle(draft);
  const { participants: joined } = change.dossier;
  return { events, reply: replyOf(change.dossier, command.secret), change: { ...change, applicant, joined } };
}

/** Refuses: PROCEDURE_NOT_IN_FORCE, PROCEDURE_SERVED_ELSEWHERE, PROCEDURE_SUSPENDED. */
function procedureFor(
  { procedureCode, parentDossierId, past }: Lodge,
  world: World,
  today: string,
): CompiledProcedure {
  const procedure =
    world.procedures.inForce(procedureCode, today) ??
    world.procedures.inForce(procedureCode, past?.today ?? today) ??
    refuse({
      kind: 'not-found',
      reason: 'PROCEDURE_NOT_IN_FORCE',
      message: `no procedure ${procedureCode} is in force on ${today}; check the code; a new procedure is known within moments`,
    });
  // What was lodged before goes on, and so does the parent of a sub-procedure's dossier.
  if (parentDossierId === '' && past === undefined) {
    enforce(mustBeServedHere(procedure));
    enforce(mustNotBeSuspended(procedure));
  }
  return procedure;
}

function mustBeServedHere({ definition: { code, servedElsewhere } }: CompiledProcedure): Refusal | undefined {
  if (servedElsewhere === '') return undefined;
  return {
    ...precondition(
      'PROCEDURE_SERVED_ELSEWHERE',
      `${code} is served by another system; lodge the dossier there: ${servedElsewhere}`,
    ),
    metadata: { served_elsewhere: servedElsewhere },
  };
}

function mustNotBeSuspended({ procedure: { code, suspension } }: CompiledProcedure): Refusal | undefined {
  if (suspension === undefined) return undefined;
  const since = suspension.since?.toISOString() ?? '';
  return {
    ...precondition(
      'PROCEDURE_SUSPENDED',
      `no new dossier of ${code} is taken in since ${since}: ${suspension.reason}`,
    ),
    metadata: { since, suspended_because: suspension.reason },
  };
}

const INTAKE = 'Kiểm tra, tiếp nhận hồ sơ';

/** The one-stop unit examines the dossier before it is accepted. */
const openExamination: Edit = (draft) => {
  const { dossier, rules, now } = draft;
  const clock = createClock(now, rules.examination.within, true);
  return openTask({ kind: TaskKind.INTAKE, name: INTAKE, agency: dossier.intake, lead: true, clock })(draft);
};

/** The agencies of a new dossier. */
interface Roles {
  intake: Agency;
  competent: ResolvedPerformer;
  /** Where the result is taken, when that is not the intake agency. */
  counter: Agency | undefined;
}

/** Refuses what `agencyNamed` refuses. */
function counterOf({ resultReturn }: Lodge, place: Place): Agency | undefined {
  const agencyId = resultReturn?.agencyId ?? '';
  return agencyId === '' ? undefined : agencyNamed(place, agencyId, 'result_return.agency_id');
}

function createDossier(
  command: Lodge,
  { procedure }: CompiledProcedure,
  { intake, competent, counter }: Roles,
  world: World,
): Dossier {
  const { now, caller } = command;
  const today = vietnamDate(new Date(now));
  const prefix = codePrefix(codeAt(intake, today), now);
  const number = world.nextNumbers.get(prefix) ?? 1;
  const party = partyAt(intake, today);
  const others = [competent.agency.id, ...(counter ? [counter.id] : [])];
  return {
    id: command.dossierId,
    code: command.past?.code ?? `${prefix}-${String(number).padStart(4, '0')}`,
    version: 0,
    procedureId: procedure.id,
    channel: command.channel,
    applicantKind: command.applicant.kind,
    caseKey: '',
    fees: null,
    status: DossierStatus.REGISTERED,
    intake: party,
    competent: partyAt(competent.agency, today),
    competentByFunction: competent.byFunction,
    holder: party,
    heldByFunction: '',
    lodgedWith: caller.agencyId,
    lodgedFor: competent.agency.id,
    participants: others.reduce(withParticipant, [caller.agencyId]),
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
    surplusPayments: [],
    extension: null,
    acts: {},
    reason: '',
    data: {},
    papers: [],
    handedIn: [],
    results: [],
    subResults: [],
    resultReturn: command.resultReturn,
    position: null,
    doneBy: {},
    open: [],
    lastTask: 0,
    parentDossierId: command.parentDossierId,
    parentTask: command.parentTask,
    secretHash: toDigest(command.secret).toString('hex'),
    imported: null,
    clock: null,
    dueAt: null,
    provisional: false,
    urgency: Urgency.ON_TIME,
    timerAt: null,
  };
}

const replyOf = (
  { id, code, status, dueAt, provisional, version, fees }: Dossier,
  trackingSecret: string,
): LodgeDossierResponse => ({
  dossierId: id,
  code,
  trackingSecret,
  status,
  dueAt: toDate(dueAt),
  dueProvisional: provisional,
  version: BigInt(version),
  fee: toFee(fees),
});
