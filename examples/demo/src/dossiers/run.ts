import { setTimeout as sleep } from 'node:timers/promises';
import { type AgencyClient, LienThongError, Status } from '@lienthong/client';
import {
  type Dossier,
  DossierStatus,
  type Task,
  TaskKind,
  TaskState,
  Urgency,
} from '@lienthong/contracts/casework';
import { Channel } from '@lienthong/contracts/registry';
import { resolve } from '@lienthong/sample-data';
import { add, days, isWorking, startOfClock, subtractDays, vietnamCalendar } from '@lienthong/working-time';
import { type Notifications, optIn } from '../notifications/story.ts';
import type { Stage } from '../stage.ts';
import { type Act, decide, escalatedAfter, type Moment } from './decide.ts';
import { type Files, openAll, uploadScan } from './files.ts';
import { type Case, isEnded, type Ledger, noteLodged } from './ledger.ts';
import type { Offices } from './officers.ts';
import type { PaymentProvider } from './payments.ts';
import { perform } from './perform.ts';
import { type Lodging, lodgings } from './plan.ts';
import { type DemoProcedure, dataOf, daysOf, papersOf } from './procedures.ts';

const TICKS = ['08:30', '10:30', '14:00', '16:30'];
const DAY_MS = 24 * 3_600_000;
const WAIT_MS = 30_000;

export interface Running {
  stage: Stage;
  admin: AgencyClient;
  offices: Offices;
  notifications: Notifications;
  ledger: Ledger;
  /** By their published codes: the samples' codes with `suffix`. */
  procedures: ReadonlyMap<string, DemoProcedure>;
  suffix: string;
  advisers: readonly string[];
  files: Files;
  payments: PaymentProvider;
  differences: string[];
}

export const momentOf = (text: string): number => Date.parse(`${text.replace(' ', 'T')}:00+07:00`);

/** Moments at which officers look at their work, on office days only; `text` is like "2025-04-21 08:30". */
function ticksBetween(from: string, until: string): { text: string; at: number }[] {
  const found = [];
  for (let day = momentOf(`${from} 00:00`); day < momentOf(`${until} 00:00`); day += DAY_MS) {
    const date = new Date(day + DAY_MS / 2).toISOString().slice(0, 10);
    for (const time of TICKS) {
      const at = momentOf(`${date} ${time}`);
      if (isWorking(vietnamCalendar, at)) found.push({ text: `${date} ${time}`, at });
    }
  }
  return found;
}

/** Plays the days from one date to another, exclusive; skips moments without work. */
export async function work(running: Running, from: string, until: string): Promise<void> {
  const ticks = ticksBetween(from, until);
  for (const [i, { text, at }] of ticks.entries()) {
    const lodging = lodgings.filter((one) => one.at === text);
    const moment: Moment = { now: at, next: ticks[i + 1]?.at ?? at + DAY_MS };
    const todo = [...running.ledger.values()].flatMap((one) => {
      const act = decide(one, { ...moment, now: at + 1 });
      return act ? [{ one, act }] : [];
    });
    const urgent = [...running.ledger.values()].filter((one) => urgencyAt(one, at + 1) > one.seen.urgency);
    if (lodging.length + todo.length + urgent.length === 0) continue;
    running.stage.clock.jump(text);
    await Promise.all(urgent.map((one) => awaitUrgency(running, one, at + 1)));
    await actAll(running, todo);
    await optIn(running.notifications, await Promise.all(lodging.map((one) => lodge(running, one))));
    if (lodgings.every((one) => one.at <= text) && [...running.ledger.values()].every(isEnded)) return;
  }
}

/** Reads each agency's work list once; its officers do the tasks that they find there. */
async function actAll(running: Running, todo: readonly { one: Case; act: Act }[]): Promise<void> {
  const { offices, stage, advisers, files, payments, differences } = running;
  const agencies = new Set(todo.filter(({ act }) => act.task).map(({ act }) => act.agencyId));
  const lists = new Map<string, Set<string>>();
  await Promise.all(
    [...agencies].map(async (agencyId) => {
      const { client } = (await offices.of(agencyId)).officer;
      const items = await Array.fromAsync(client.work({ pageSize: 200 }));
      lists.set(agencyId, new Set(items.map(({ task }) => `${task?.dossierId} ${task?.number}`)));
    }),
  );
  await Promise.all(
    todo.map(async ({ one, act }) => {
      if (act.task && !lists.get(act.agencyId)?.has(`${one.id} ${act.task.number}`))
        differences.push(`${one.code}: task ${act.task.number} is in no work list of its agency`);
      const desk = await offices.of(act.agencyId);
      await openAll(files, one.seen, desk.officer.client);
      await perform(one, act, { desk, files, payments, now: stage.clock.now().getTime(), advisers });
      await look(running, one);
    }),
  );
  // After all acts: a dossier continues by itself when its sub-procedure has ended.
  for (const one of running.ledger.values()) if (one.seen.tasks.some(isWaiting)) await look(running, one);
}

/** Waits until the timers have set the dossier's urgency; officers act after that. */
async function awaitUrgency(running: Running, one: Case, now: number): Promise<void> {
  const least = urgencyAt(one, now);
  await until(`${one.code} shows the urgency of its deadline`, async () => {
    one.seen = await show(running, one);
    return one.seen.urgency >= least;
  });
}

/** The urgency that the deadline gives; for time limits within one day only that they are over. */
function urgencyAt({ dueAt, status, procedure, seen }: Case, now: number): Urgency {
  const runs = status === DossierStatus.ACCEPTED || status === DossierStatus.IN_PROGRESS;
  if (dueAt === undefined || !runs) return Urgency.UNSPECIFIED;
  if (now > escalatedAfter(dueAt)) return Urgency.ESCALATED;
  if (now > dueAt) return Urgency.OVERDUE;
  const near = daysOf(procedure, seen.caseKey) > 1 && now > subtractDays(vietnamCalendar, dueAt, 1);
  return near ? Urgency.DUE_SOON : Urgency.ON_TIME;
}

/** As the software of the intake agency reads it, also when that agency has ended and its officers have left with it. */
export async function show({ stage }: Running, { intakeId, id }: Case): Promise<Dossier> {
  const { dossier } = await stage.of(intakeId).casework.getDossier({ dossierId: id });
  if (!dossier) throw new Error(`dossier ${id} did not come back`);
  return dossier;
}

const isWaiting = ({ kind, state }: Task): boolean =>
  kind === TaskKind.SUB_PROCEDURE && state === TaskState.OPEN;

/** Reads the dossier again. Waits until its sub-procedure's dossier exists, or until that one's end has arrived. */
async function look(running: Running, one: Case): Promise<void> {
  const { ledger } = running;
  const finishing = ({ subDossierId }: Task) => {
    const child = ledger.get(subDossierId);
    return child?.endedAt !== undefined;
  };
  await until(`${one.code} goes on with its sub-procedures`, async () => {
    one.seen = await show(running, one);
    return one.seen.tasks.filter(isWaiting).every((task) => task.subDossierId !== '' && !finishing(task));
  });
  for (const { subDossierId } of one.seen.tasks.filter(isWaiting))
    if (!ledger.has(subDossierId)) await adopt(running, one, subDossierId);
}

/** Adds a sub-procedure's dossier: the platform lodged it, so the ledger starts with its current state. */
async function adopt(running: Running, parent: Case, dossierId: string): Promise<void> {
  const { intakeId } = parent;
  const { client } = (await running.offices.of(intakeId)).officer;
  let seen: Dossier | undefined;
  await until(`the sub-procedure of ${parent.code} is lodged`, async () => {
    try {
      seen = (await client.casework.getDossier({ dossierId })).dossier;
    } catch (error) {
      if (!(error instanceof LienThongError && error.code === Status.NOT_FOUND)) throw error;
    }
    return seen !== undefined;
  });
  const procedure = running.procedures.get(seen?.procedureCode ?? '');
  if (!seen || !procedure) throw new Error(`the sub-procedure of ${parent.code} cannot be read`);
  const { code, status, dueAt, dueProvisional, version, fee } = seen;
  const lodgedAt = seen.lodgedAt?.getTime() ?? 0;
  const about = { procedure, conduct: 'early' as const, intakeId, parentId: parent.id, lodgedAt, seen };
  const lodged = { dossierId, code, trackingSecret: '', status, dueAt, dueProvisional, version, fee };
  noteLodged(running.ledger, lodged, about);
}

const NAMES = [
  'Nguyễn Thị Lan',
  'Trần Văn Bình',
  'Lê Thị Hoa',
  'Phạm Văn Đức',
  'Võ Thị Mai',
  'Huỳnh Văn Phúc',
];

async function lodge(running: Running, lodging: Lodging): Promise<Case> {
  const { code, at, intake, territory, conduct, data } = lodging;
  const { admin, offices, ledger, procedures, suffix, stage, differences } = running;
  const procedure = procedures.get(`${code}${suffix}`);
  const agencyOf = async (code: string) => {
    const id = await resolve(admin, code, at.slice(0, 10));
    return id ?? Promise.reject(new Error(`there is no agency ${code} on ${at}`));
  };
  const intakeId = await agencyOf(intake);
  if (!procedure) throw new Error(`no procedure ${code} was found`);
  const { officer } = await offices.of(intakeId);
  const applicant = NAMES[ledger.size % NAMES.length];
  const [first, ...others] = papersOf(procedure);
  const sha256 = await uploadScan(officer.client, `${applicant} ${procedure.code} ${at} ${intake}`);
  const reply = await officer.client.casework.lodgeDossier({
    procedureCode: procedure.code,
    channel: Channel.IN_PERSON,
    applicant: { fullName: applicant, address: 'Tỉnh Vĩnh Long' },
    data: dataOf(procedure, data),
    papers: first ? [{ ...first, sha256 }, ...others] : [],
    territoryAgencyId: territory === undefined ? '' : await agencyOf(territory),
    accept: conduct !== 'refused at intake',
  });
  const { dossier: seen } = await officer.client.casework.getDossier({ dossierId: reply.dossierId });
  if (!seen) throw new Error(`${reply.code} was lodged but cannot be read`);
  const lodgedAt = stage.clock.now().getTime();
  const about = { procedure, conduct, intakeId, parentId: '', lodgedAt, seen };
  const made = noteLodged(ledger, reply, about);
  const limit = daysOf(procedure, seen.caseKey);
  if (reply.dueAt === undefined || limit === 0) return made;
  const due = add(vietnamCalendar, startOfClock(vietnamCalendar, lodgedAt), days(limit));
  if (reply.dueAt.getTime() !== due)
    differences.push(
      `${reply.code}: due ${reply.dueAt.toISOString()}, should be ${new Date(due).toISOString()}`,
    );
  return made;
}

/** @throws when the condition does not hold within half a minute */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + WAIT_MS;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`not in ${WAIT_MS / 1000} s: ${what}`);
    await sleep(20);
  }
}
