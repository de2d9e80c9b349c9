/** Whether a line of an import becomes a dossier, and which. Pure. */
import { DossierStatus, TaskKind, Urgency } from '@lienthong/contracts/casework';
import { PLATFORM, type Refusal, toTrackingDigest, vietnamDate } from '@lienthong/kit';
import { currentHolder, resolveCode, upwards } from '@lienthong/reference-data';
import { computeDeadline } from '../deadlines/deadline.ts';
import { apply, type Draft, type Edit, openDraft, patch } from '../decision/draft.ts';
import type { CaseworkEvent, Decision } from '../decision/events.ts';
import { resultOf } from '../decision/refusals.ts';
import { settle } from '../decision/settle.ts';
import { toDate, toDossierRef, toEventTask } from '../dossier/messages.ts';
import type { DeadlineState, Dossier, ImportSource, Task } from '../dossier/state.ts';
import { isClosed } from '../dossier/status.ts';
import type { World } from '../dossier/world.ts';
import { withFiles } from '../files/named.ts';
import { lodge } from '../intake/lodge.ts';
import { bringUpToDate } from '../succession/reroute.ts';
import { patchTask } from '../work/tasks.ts';
import { type Happened, toImportedEvent } from './history.ts';
import { DOSSIER_CODE, type Fault, type ImportLine, type PastAct } from './line.ts';
import { agencyAt, refuseField, replay } from './replay.ts';

export interface ImportContext {
  /** A new id. */
  dossierId: string;
  secret: string;
  source: ImportSource;
  world: World;
  now: number;
}

export type Imported = { decision: Decision } | { faults: Fault[] };

const UNDER_WAY: ReadonlySet<DossierStatus> = new Set([
  DossierStatus.REGISTERED,
  DossierStatus.ACCEPTED,
  DossierStatus.IN_PROGRESS,
  DossierStatus.SUPPLEMENT_REQUESTED,
  DossierStatus.PAYMENT_REQUESTED,
  DossierStatus.STOPPED,
  DossierStatus.FINISHED,
]);

/** A line's dossier with one event, or what is wrong with the line. */
export function importLine(line: ImportLine, context: ImportContext): Imported {
  const { world, source, now } = context;
  const happened: Happened[] = [];
  const note = (at: number, officerId: string, agencyId: string) => (event: CaseworkEvent) =>
    happened.push({ event, at, actorAgencyId: agencyId, actorOfficerId: officerId });

  const lodged = resultOf(() => lodgeLine(line, context));
  if (!lodged.ok) return { faults: faultsOf(lodged.refusal, '') };
  let { dossier } = lodged.value.change;
  const tasks = new Map(lodged.value.change.tasks.map((task) => [task.number, task]));
  lodged.value.events.forEach(note(line.lodgedAt, line.officerId, dossier.intake.agencyId));

  for (const [i, act] of line.acts.entries()) {
    const done = resultOf(() => {
      mustBeBefore(act.at, now);
      mustBeKnown(world, act.officerId);
      return replay(dossier, act, world);
    });
    if (!done.ok) return { faults: faultsOf(done.refusal, `acts[${i}]`, act.kind) };
    const { decision, actorAgencyId } = done.value;
    const { events, change } = decision;
    for (const task of change.tasks) tasks.set(task.number, task);
    events.forEach(note(act.at, act.officerId, actorAgencyId));
    dossier = change.dossier;
  }

  const ended = resultOf(() => {
    const draft = apply(openDraft(dossier, world, PLATFORM, now), bringUpToDate, takeStages);
    mustBeUnderWay(draft.dossier);
    return draft;
  });
  if (!ended.ok) return { faults: faultsOf(ended.refusal, '') };
  const { events, change } = settle(ended.value);
  events.forEach(note(now, '', ''));
  for (const task of change.tasks) tasks.set(task.number, task);
  const whole: Dossier = { ...change.dossier, version: 1, imported: source };
  const event = {
    type: 'lienthong.casework.v1.DossierImported',
    payload: {
      dossier: toDossierRef(whole, ended.value.procedure),
      at: new Date(source.at),
      system: source.system,
      importId: source.importId,
      channel: whole.channel,
      lodgedAt: toDate(whole.lodgedAt),
      tasks: whole.open.map((task) => toEventTask(whole.id, task)),
      history: happened.map(toImportedEvent),
      trackingDigest: toTrackingDigest(whole.id, context.secret),
    },
    aggregateId: whole.id,
    version: 1,
    agencyCode: whole.holder.code,
    agencyId: whole.holder.agencyId,
    dossierCode: whole.code,
  } as CaseworkEvent;
  const decision: Decision = {
    events: [event],
    reply: { standing: undefined },
    change: {
      dossier: whole,
      tasks: [...tasks.values()],
      applicant: line.applicant,
      joined: whole.participants,
      notes: line.notes,
    },
  };
  return { decision: withFiles(decision, undefined, world) };
}

/** Refuses, by field of the line: what `lodge` refuses, CODE_*, INTAKE_NOT_YOURS, OFFICER_UNKNOWN, DATE_IN_FUTURE. */
function lodgeLine(line: ImportLine, { dossierId, secret, source, world, now }: ImportContext): Decision {
  mustBeBefore(line.lodgedAt, now, 'lodged_at');
  mustBeKnown(world, line.officerId);
  const intake = agencyAt(world.agencies, line.intake, line.lodgedAt, 'intake');
  mustBelongTo(world, source.agencyId, intake.id, now, INTAKE);
  mustOwnSeries(world, source.agencyId, line.code, now);
  const competent = line.competent && agencyAt(world.agencies, line.competent, line.lodgedAt, 'competent');
  return lodge(
    {
      kind: 'lodge',
      caller: { agencyId: intake.id, officerId: line.officerId, roles: [] },
      now: line.lodgedAt,
      dossierId,
      secret,
      procedureCode: line.procedureCode,
      channel: line.channel,
      caseKey: line.caseKey,
      applicant: line.applicant,
      data: line.data,
      papers: line.papers,
      resultReturn: line.resultReturn,
      competentAgencyId: competent?.id ?? '',
      territoryAgencyId: '',
      accept: false,
      parentDossierId: '',
      parentTask: 0,
      past: { code: line.code, today: vietnamDate(new Date(now)) },
    },
    world,
  );
}

const INTAKE = [
  'intake.code',
  'INTAKE_NOT_YOURS',
  'is neither your agency nor below it; a system of that agency, or of one above it, imports this dossier',
] as const;
const SERIES = [
  'code',
  'CODE_NOT_YOURS',
  'begins with the code of an agency that is neither yours nor below it; give the code on the receipt',
] as const;

/** The importer is the agency that has another one's work today, or one above it. */
function mustBelongTo(
  { agencies }: World,
  importerId: string,
  agencyId: string,
  now: number,
  [field, reason, description]: typeof INTAKE | typeof SERIES,
): void {
  const today = vietnamDate(new Date(now));
  const holder = currentHolder(agencies, agencyId, today)?.id ?? agencyId;
  if (!upwards(agencies, holder, today).some(({ id }) => id === importerId))
    refuseField(field, reason, description);
}

/** An import moves the series of its codes: no series of others. A code that no agency has begins none. */
function mustOwnSeries(world: World, importerId: string, code: string, now: number): void {
  const [, prefix = ''] = DOSSIER_CODE.exec(code) ?? [];
  const resolution = resolveCode(world.agencies, '', prefix, vietnamDate(new Date(now)));
  if ('found' in resolution) mustBelongTo(world, importerId, resolution.found.id, now, SERIES);
}

function mustBeKnown({ officers }: World, officerId: string): void {
  if (officerId !== '' && officers.get(officerId) === undefined)
    refuseField('officer_id', 'OFFICER_UNKNOWN', 'is not an officer of the directory; leave it empty');
}

function mustBeBefore(at: number, now: number, field = 'at'): void {
  if (at > now) refuseField(field, 'DATE_IN_FUTURE', 'is in the future; give when it happened');
}

function mustBeUnderWay({ status, open }: Dossier): void {
  if (!UNDER_WAY.has(status))
    refuseField(
      'acts',
      'DOSSIER_ENDED',
      'end the dossier; only dossiers that are under way are imported, the others stay in the archive of the other system',
    );
  if (open.some(({ kind }) => kind === TaskKind.SUB_PROCEDURE))
    refuseField(
      'acts',
      'SUB_PROCEDURE_OPEN',
      'leave a sub-procedure open; import the dossier when that has ended, with its completion among the acts',
    );
}

/** Deadlines have the stage that they are in now: no event comes for the stages before. */
const takeStages: Edit = (draft) => {
  const { dossier } = draft;
  if (isClosed(dossier)) return draft;
  const own = inStage(draft, dossier, dossier.intake.agencyId);
  return apply(
    draft,
    patch({ urgency: own.urgency, timerAt: own.timerAt }),
    ...dossier.open.map((task) => {
      const { urgency, timerAt } = inStage<Task>(draft, task, task.agency.agencyId);
      return patchTask(task, { urgency, timerAt });
    }),
  );
};

function inStage<T extends DeadlineState & { kind?: TaskKind }>(
  { world, rules, now }: Draft,
  before: T,
  agencyId: string,
): T {
  // A consultation expires by its timer, which the workflow waits for.
  const most = before.kind === TaskKind.CONSULTATION ? Urgency.DUE_SOON : Urgency.ESCALATED;
  const after = computeDeadline({ ...before, urgency: most }, world.calendars.of(agencyId), rules, now);
  return after.dueAt === null ? before : after;
}

/** Fields of a lodging that a line names otherwise. */
const RENAMED: Readonly<Record<string, string>> = { competent_agency_id: 'competent.code' };
const FIELD_OF_REASON: Readonly<Record<string, string>> = {
  PROCEDURE_NOT_IN_FORCE: 'procedure_code',
  AGENCY_UNKNOWN: 'intake.code',
  AGENCY_ENDED: 'intake.code',
};

/** Fields of an act whatever it is; all others are in the message of its kind. */
const OF_ACT: ReadonlySet<string> = new Set(['at', 'officer_id']);
const toSnake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The faults of a refusal, under the part of the line that it is about: of an act also with its kind. */
function faultsOf(
  { reason, message, violations = [] }: Refusal,
  part: string,
  kind: PastAct['kind'] | '' = '',
): Fault[] {
  const under = (field: string) =>
    [part, OF_ACT.has(field) ? '' : toSnake(kind), RENAMED[field] ?? field].filter(Boolean).join('.');
  if (violations.length === 0) {
    const field = part === '' ? (FIELD_OF_REASON[reason] ?? '') : '';
    return [{ field: under(field), reason, description: message }];
  }
  return violations.map((one) => ({
    field: under(one.field),
    reason: one.reason ?? reason,
    description: one.description,
  }));
}
