import {
  ApplicantKind,
  IdentityAssurance,
  IdentityKind,
  type LodgeDossierResponse,
  type Result as Made,
  ReturnWay,
  TaskKind,
} from '@lienthong/contracts/casework';
import type { Officer } from '@lienthong/contracts/directory';
import { encodeEvent } from '@lienthong/contracts/events';
import { Channel, type Procedure } from '@lienthong/contracts/registry';
import { type Refusal, type Result, uuidv7 } from '@lienthong/kit';
import { agencyBook, calendarBook, officerBook } from '@lienthong/reference-data';
import { expect } from 'vitest';
import type { Caller, Lodge, Transition } from '../../src/domain/decision/command.ts';
import { decide } from '../../src/domain/decision/decide.ts';
import type { CaseworkEvent, Decision } from '../../src/domain/decision/events.ts';
import { compileProcedure } from '../../src/domain/dossier/procedure.ts';
import type { Dossier, Task } from '../../src/domain/dossier/state.ts';
import { isClosed, statusOf } from '../../src/domain/dossier/status.ts';
import { numberOf, type World } from '../../src/domain/dossier/world.ts';
import { type Office, type Province, peopleOf, sampleProvince } from './province.ts';

/** Part of every text that people write; no event may contain it. */
export const SECRET = 'Riêng tư';
export const DIGEST = 'a'.repeat(64);

/** `2026-01-15 08:00` in Vietnam. */
export const vn = (moment: string): number => Date.parse(`${moment.replace(' ', 'T')}:00+07:00`);

type WithoutContext<T> = T extends Transition ? Omit<T, 'caller' | 'now' | 'dossierId'> : never;
export type Act = WithoutContext<Transition>;

/** A world whose dossiers and numbers a test sets. */
export type DeskWorld = World & { dossiers: Map<string, Dossier>; nextNumbers: Map<string, number> };

/** One dossier and its world: pure decisions one after the other, each checked against the invariants. */
export interface Scenario {
  province: Province;
  world: DeskWorld;
  now: number;
  /** The dossier after the last decision. */
  dossier: Dossier;
  /** Open and closed, by number. */
  tasks: Map<number, Task>;
  events: CaseworkEvent[];
  lodge(procedure: Pick<Procedure, 'code'>, more?: Partial<Lodge>): LodgeDossierResponse;
  /** The decision of an act; changes nothing here. */
  decide(by: Officer | Caller, act: Act): Result<Decision>;
  /** Decides on an act and keeps the change. */
  carryOut(by: Officer | Caller, act: Act): Decision;
  refusal(by: Officer | Caller, act: Act): Refusal;
  /** The open task of a block. */
  task(blockKey: string): Task;
  /** An officer of the block's agency completes it. */
  complete(
    blockKey: string,
    outcome?: string,
    more?: { results?: Made[]; data?: Record<string, string> },
  ): void;
}

export const callerFrom = (by: Officer | Caller): Caller =>
  'officerId' in by ? by : { agencyId: by.agencyId, officerId: by.id, roles: by.roles };

export const completing = (outcome = '', more: Partial<Extract<Act, { kind: 'complete' }>> = {}) => ({
  kind: 'complete' as const,
  outcome,
  note: SECRET,
  results: [],
  data: {},
  ...more,
});

export const result = (key: string, more: Partial<Made> = {}): Made => ({
  key,
  name: SECRET,
  sha256: DIGEST,
  number: '12/GPXD',
  data: {},
  ...more,
});

/** `now` is Thursday, 15 January 2026, 08:00 in Vietnam, until a test sets it. */
export function createScenario(
  procedures: readonly Procedure[],
  province: Province = sampleProvince(),
): Scenario {
  const offices = Object.values(province) as Office[];
  const agencies = agencyBook();
  const officers = officerBook();
  for (const one of offices) {
    agencies.put(one.agency);
    for (const person of peopleOf(one)) officers.put(person, 1);
  }
  const compiled = procedures.map(compileProcedure);
  const world: DeskWorld = {
    dossiers: new Map(),
    agencies,
    officers,
    calendars: calendarBook({ get: agencies.get, hoursRevision: () => 0 }),
    procedures: {
      inForce: (code, date) =>
        compiled.find(
          ({ procedure }) =>
            procedure.code === code &&
            procedure.effectiveOn <= date &&
            (procedure.endedOn === '' || date < procedure.endedOn),
        ),
      byId: (id) => compiled.find(({ procedure }) => procedure.id === id),
    },
    nextNumbers: new Map(),
    // Every file was uploaded, unless a test says otherwise.
    files: { has: () => true },
  };
  const id = uuidv7();
  const on = (by: Officer | Caller, act: Act) =>
    ({ ...act, caller: callerFrom(by), now: made.now, dossierId: id }) as Transition;

  function apply(decision: Decision, before: Dossier | undefined): void {
    const { dossier, tasks, applicant } = decision.change;
    for (const task of tasks) made.tasks.set(task.number, task);
    made.events.push(...decision.events);
    world.dossiers.set(dossier.id, dossier);
    if (applicant) {
      const { prefix, number } = numberOf(dossier);
      world.nextNumbers.set(prefix, number + 1);
    }
    checkDecision(decision, before, made.tasks);
  }

  const made: Scenario = {
    province,
    world,
    now: vn('2026-01-15 08:00'),
    tasks: new Map(),
    events: [],
    get dossier() {
      const dossier = world.dossiers.get(id);
      if (!dossier) throw new Error('nothing was lodged');
      return dossier;
    },
    lodge(procedure, more) {
      const decision = accepted(decide(lodging(made, id, procedure, more), world));
      apply(decision, undefined);
      return decision.reply as LodgeDossierResponse;
    },
    decide: (by, act) => decide(on(by, act), world),
    carryOut(by, act) {
      const before = made.dossier;
      const decision = accepted(decide(on(by, act), world));
      apply(decision, before);
      return decision;
    },
    refusal(by, act) {
      const before = structuredClone(made.dossier);
      const result = decide(on(by, act), world);
      if (result.ok) throw new Error(`${act.kind} was accepted`);
      expect(made.dossier).toEqual(before);
      return result.refusal;
    },
    task(blockKey) {
      const task = made.dossier.open.find((one) => one.blockKey === blockKey);
      if (!task) throw new Error(`${blockKey} is not open`);
      return task;
    },
    complete(blockKey, outcome = '', more = {}) {
      const { number: taskNumber, agency } = made.task(blockKey);
      const at = offices.find((one) => one.agency.id === agency.agencyId);
      if (!at) throw new Error(`nobody works at ${agency.name}`);
      made.carryOut(at.officer, { ...completing(outcome, more), taskNumber });
    },
  };
  return made;
}

/** A complete dossier, lodged at the commune and accepted at once. */
export const lodging = (
  { province, now }: Pick<Scenario, 'province' | 'now'>,
  dossierId: string,
  { code }: Pick<Procedure, 'code'>,
  more: Partial<Lodge> = {},
): Lodge => ({
  kind: 'lodge',
  caller: callerFrom(province.commune.clerk),
  now,
  dossierId,
  secret: 'ABCDEFGHJKMN',
  procedureCode: code,
  channel: Channel.IN_PERSON,
  caseKey: '',
  applicant: {
    fullName: `${SECRET} Nguyễn Thị Mẫu`,
    identityNumber: SECRET,
    address: SECRET,
    phone: SECRET,
    email: SECRET,
    kind: ApplicantKind.CITIZEN,
    identityKind: IdentityKind.UNSPECIFIED,
    identityAssurance: IdentityAssurance.PRESENTED,
    hasVneid: true,
    submitter: undefined,
  },
  data: { kind: SECRET },
  papers: [
    { key: 'don', name: SECRET, sha256: DIGEST, originals: 1, copies: 0 },
    { key: '', name: SECRET, sha256: '', originals: 1, copies: 0 },
  ],
  resultReturn: { way: ReturnWay.POST, place: SECRET, agencyId: '' },
  competentAgencyId: '',
  territoryAgencyId: '',
  accept: true,
  parentDossierId: '',
  parentTask: 0,
  ...more,
});

export function accepted(result: Result<Decision>): Decision {
  if (!result.ok) throw new Error(`${result.refusal.reason}: ${result.refusal.message}`);
  return result.value;
}

/** The open tasks with their agencies: `ky @ H61`. */
export const blocksOf = ({ dossier }: Scenario): string[] =>
  dossier.open.map(({ blockKey, agency }) => `${blockKey} @ ${agency.code}`);

/** The reason of a refusal, with the first violation's field. */
export function reasonOf(at: Scenario, by: Officer | Caller, act: Act): string {
  const { reason, violations } = at.refusal(by, act);
  return violations?.[0] ? `${violations[0].field} ${reason}` : reason;
}

/** The invariants of every decision. */
export function checkDecision(
  { events, change }: Decision,
  before: Dossier | undefined,
  tasks: ReadonlyMap<number, Task>,
): void {
  const { dossier } = change;
  const first = (before?.version ?? 0) + 1;
  expect(events.length).toBeGreaterThan(0);
  expect(events.map(({ version }) => version)).toEqual(events.map((_, i) => first + i));
  expect(dossier.version).toBe(first + events.length - 1);
  for (const { type, payload, aggregateId, dossierCode } of events) {
    expect({ aggregateId, dossierCode }).toEqual({ aggregateId: dossier.id, dossierCode: dossier.code });
    expect(payload.dossier).toMatchObject({ status: dossier.status, holderId: dossier.holder.agencyId });
    expect(() => encodeEvent(type, payload as never)).not.toThrow();
    expect(withoutBigints(payload)).not.toContain(SECRET);
  }
  checkDossier(dossier);
  expect(JSON.parse(JSON.stringify(change))).toEqual(change);
  const known = [...tasks.values()].sort((a, b) => a.number - b.number);
  expect(known.map(({ number }) => number)).toEqual(known.map((_, i) => i + 1));
  expect(dossier.lastTask).toBe(known.length);
  expect(known.filter(({ closedAt }) => closedAt === null)).toEqual(dossier.open);
  expect(dossier.participants).toEqual(expect.arrayContaining(known.map(({ agency }) => agency.agencyId)));
}

const withoutBigints = (value: unknown): string =>
  JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? String(one) : one));

function checkDossier(dossier: Dossier): void {
  const { open, pause, position } = dossier;
  expect(dossier.status).toBe(statusOf(dossier));
  expect(dossier.status).toBeGreaterThanOrEqual(1);
  expect(dossier.status).toBeLessThanOrEqual(10);
  const runs = dossier.acceptedAt !== null && pause === null;
  if (!isClosed(dossier)) expect(dossier.dueAt !== null).toBe(runs);
  for (const { clock, dueAt } of open) expect(dueAt !== null).toBe(clock !== null && pause === null);
  if (isClosed(dossier))
    expect({ open, pause, timerAt: dossier.timerAt }).toEqual({ open: [], pause: null, timerAt: null });
  else expect(open.length).toBeGreaterThan(0);
  expect(dossier.supplements).toBeLessThanOrEqual(1);

  const leading = open.filter(({ lead }) => lead);
  expect(leading.length).toBeLessThanOrEqual(1);
  expect(dossier.holder.agencyId).not.toBe('');
  const isSub = ({ kind }: Task) => kind === TaskKind.SUB_PROCEDURE;
  if (leading[0] && (!isSub(leading[0]) || open.every(isSub)))
    expect(dossier.holder).toEqual(leading[0].agency);
  expect(dossier.participants).toEqual(
    expect.arrayContaining([dossier.intake.agencyId, dossier.competent.agencyId]),
  );

  const openings = new Map((position?.open ?? []).map(({ id, key }) => [id, key]));
  for (const { openingId, blockKey, kind, askedFrom } of open) {
    if (openingId > 0) expect(openings.get(openingId)).toBe(blockKey);
    else if (kind === TaskKind.INTAKE) expect(dossier.acceptedAt).toBeNull();
    else expect(open.some(({ number }) => number === askedFrom)).toBe(true);
  }
  for (const id of openings.keys()) expect(open.some(({ openingId }) => openingId === id)).toBe(true);
}
