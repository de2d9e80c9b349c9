import { DossierStatus, TaskKind, TaskState } from '@lienthong/contracts/casework';
import { Tier } from '@lienthong/contracts/directory';
import { Effect, Join } from '@lienthong/contracts/registry';
import { PLATFORM } from '@lienthong/kit';
import {
  ancestor,
  choice,
  consultation,
  handOver,
  holderOf,
  intake,
  outcome,
  parallel,
  sequence,
  step,
  subProcedure,
} from '@lienthong/workflow/testing';
import { HOUR_MS } from '@lienthong/working-time';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { procedure } from '../../../test/support/procedures.ts';
import { type Office, peopleOf } from '../../../test/support/province.ts';
import {
  type Act,
  checkDecision,
  completing,
  createScenario,
  result,
  type Scenario,
  SECRET,
} from '../../../test/support/scenario.ts';
import { fireTimers } from '../deadlines/timers.ts';
import type { Task } from '../dossier/state.ts';
import type { Caller } from './command.ts';

const land = holderOf('land');
const finance = holderOf('finance');

/** This and `second` have every kind of block, so that random stories reach all of them. */
const first = procedure(
  sequence(
    'quy-trinh',
    step('tiep-nhan', { outcomes: [outcome('du'), outcome('du-va-xong', Effect.FINISH)] }),
    handOver('len-tinh', ancestor(Tier.PROVINCE)),
    parallel(
      'song-song',
      Join.ALL,
      sequence(
        'nhanh-dat',
        step('tham-dinh', { performer: land, returns: [{ to: 'tiep-nhan', atMost: 2 }] }),
        consultation('hoi', finance, land),
      ),
      choice('tuy', [['data.urgent == true', step('gap', { performer: finance })]], step('thuong')),
    ),
    step('xong'),
  ),
);

/** A shorter workflow, so that stories reach an end. */
const second = procedure(
  sequence(
    'quy-trinh-hai',
    parallel(
      'dau',
      Join.FIRST,
      step('dau-mot', { performer: land }),
      step('dau-hai', { performer: finance }),
    ),
    subProcedure('con', '1.000001'),
    step('ky', {
      performer: ancestor(Tier.PROVINCE),
      outcomes: [outcome('ky'), outcome('khong-ky', Effect.REFUSE)],
      produces: ['giay-phep'],
    }),
    handOver('ve', intake, true),
  ),
);

interface Move {
  /** Minutes that pass before the move. */
  wait: number;
  /** Indices of the act, the task and the officer, each modulo their number. */
  act: number;
  task: number;
  officer: number;
  outcome: number;
  timers: boolean;
}

const move = fc.record<Move>({
  wait: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 3_000 })),
  act: fc.nat(),
  task: fc.nat(),
  officer: fc.nat(),
  outcome: fc.nat(),
  timers: fc.boolean(),
});

interface Story {
  accept: boolean;
  of: typeof first;
  moves: Move[];
}

const story = (minLength: number, maxLength: number) =>
  fc.record<Story>({
    accept: fc.boolean(),
    of: fc.constantFrom(first, second),
    moves: fc.array(move, { minLength, maxLength }),
  });

const pick = <T>(from: readonly T[], n: number): T => from[n % from.length] as T;

/** Acts that may succeed here, the usual ones several times; the table of refusals has the others. */
function acts(at: Scenario, task: Task | undefined, n: number): Act[] {
  const taskNumber = task?.number ?? 1;
  const { province, now } = at;
  const colleague = province.commune.colleague.id;
  const outcomes = {
    [TaskKind.STEP]: ['du', 'ky', '', 'ky', 'du', 'khong-ky', 'du', 'ky', 'du-va-xong'],
    [TaskKind.CONSULTATION]: ['answered'],
  } as Record<number, string[]>;
  const done: Act = {
    ...completing(pick(outcomes[task?.kind ?? 0] ?? [''], n), {
      results: task?.blockKey === 'ky' ? [result('giay-phep')] : [],
      data: task?.blockKey === 'tiep-nhan' ? { urgent: String(n % 2 === 0) } : {},
    }),
    taskNumber,
  };
  return [
    ...Array<Act>(12).fill(done),
    { kind: 'sub-ended', taskNumber, finished: n % 2 === 0, results: [] },
    { kind: 'sub-ended', taskNumber, finished: n % 2 === 0, results: [] },
    { kind: 'accept' },
    { kind: 'accept' },
    { kind: 'claim', taskNumber },
    { kind: 'claim', taskNumber },
    { kind: 'assign', taskNumber, officerId: colleague },
    { kind: 'hand-over', taskNumber, officerId: colleague, reason: SECRET },
    {
      kind: 'hand-in',
      file: { sha256: String(n % 10).repeat(64), name: SECRET, contentType: 'application/pdf', sizeBytes: 9 },
    },
    { kind: 'return', taskNumber, to: '', reason: SECRET },
    {
      kind: 'consult',
      taskNumber,
      agencyIds: [province.otherCommune.agency.id, province.district.agency.id].slice(n % 2),
      question: SECRET,
      dueAt: now + ((n % 50) + 1) * HOUR_MS,
    },
    { kind: 'request-supplement', content: SECRET, reason: SECRET, contactPhone: SECRET },
    { kind: 'receive-supplement', papers: [], data: { kind: SECRET } },
    { kind: 'receive-supplement', papers: [], data: {} },
    { kind: 'request-payment', amountVnd: 100, content: SECRET },
    { kind: 'record-payment', amountVnd: 100, receipt: SECRET },
    { kind: 'record-payment', amountVnd: 100, receipt: SECRET },
    { kind: 'stop', reason: SECRET },
    { kind: 'resume' },
    { kind: 'resume' },
    { kind: 'extend', dueAt: now + 90 * 24 * HOUR_MS, reason: SECRET },
    { kind: 'return-result' },
    { kind: 'refuse', reason: SECRET },
    ...(n % 7 === 0 ? [{ kind: 'withdraw', reason: SECRET } as const] : []),
  ];
}

/** Usually an officer of the agency that may do the act. */
function actor(at: Scenario, act: Act, task: Task | undefined, n: number): Caller | Office['head'] {
  if (act.kind === 'sub-ended' || act.kind === 'hand-in') return PLATFORM;
  const { dossier, province } = at;
  const agencyId =
    'taskNumber' in act && task
      ? task.agency.agencyId
      : n % 2 === 0
        ? dossier.holder.agencyId
        : dossier.intake.agencyId;
  const office = Object.values(province).find((one: Office) => one.agency.id === agencyId);
  return pick(peopleOf(office ?? province.commune), n % 11);
}

/** Runs a story; the kinds of acts that were accepted. `checkDecision` looks at each decision. */
function run(at: Scenario, { accept, of, moves }: Story): string[] {
  const done: string[] = [];
  at.lodge(of, { accept });
  for (const { wait, act: a, task: t, officer, outcome: o, timers } of moves) {
    at.now += wait * 60_000;
    if (timers) passTime(at);
    const task = at.dossier.open.length > 0 ? pick(at.dossier.open, t) : undefined;
    const act = pick(acts(at, task, o), a);
    const by = actor(at, act, task, officer);
    if (!at.decide(by, act).ok) {
      at.refusal(by, act);
      continue;
    }
    at.carryOut(by, act);
    done.push(act.kind);
  }
  return done;
}

function passTime(at: Scenario): void {
  const before = at.dossier;
  const { decision } = fireTimers(before, at.world, at.now);
  if (!decision) return;
  for (const task of decision.change.tasks) at.tasks.set(task.number, task);
  at.world.dossiers.set(before.id, decision.change.dossier);
  if (decision.events.length > 0) checkDecision(decision, before, at.tasks);
}

test('the invariants hold after any acts in any order', () => {
  const kinds = new Map<string, number>();
  const ends = new Map<number, number>();
  fc.assert(
    fc.property(story(40, 120), (one) => {
      const at = createScenario([first, second]);
      for (const kind of run(at, one)) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      ends.set(at.dossier.status, (ends.get(at.dossier.status) ?? 0) + 1);
      const expired = [...at.tasks.values()].some(({ state }) => state === TaskState.EXPIRED);
      if (expired) kinds.set('expired', (kinds.get('expired') ?? 0) + 1);
    }),
    { numRuns: 120, seed: 42 },
  );
  // The stories reach every kind of act and end; otherwise the properties would prove nothing.
  for (const kind of [
    'accept',
    'refuse',
    'claim',
    'assign',
    'complete',
    'hand-over',
    'return',
    'consult',
    'request-supplement',
    'receive-supplement',
    'request-payment',
    'record-payment',
    'withdraw',
    'stop',
    'resume',
    'extend',
    'return-result',
    'sub-ended',
    'expired',
  ])
    expect(kinds.get(kind) ?? 0, kind).toBeGreaterThan(0);
  for (const status of [DossierStatus.REFUSED, DossierStatus.WITHDRAWN, DossierStatus.FINISHED])
    expect(ends.get(status) ?? 0, `status ${status}`).toBeGreaterThan(0);
});

test('the same story has the same decision, also from the stored dossier', () => {
  fc.assert(
    fc.property(story(10, 60), (one) => {
      const at = createScenario([first, second]);
      run(at, one);
      const act: Act = { kind: 'withdraw', reason: SECRET };
      const once = at.decide(at.province.commune.clerk, act);
      at.world.dossiers.set(at.dossier.id, JSON.parse(JSON.stringify(at.dossier)));
      expect(at.decide(at.province.commune.clerk, act)).toEqual(once);
    }),
    { numRuns: 50, seed: 7 },
  );
});
