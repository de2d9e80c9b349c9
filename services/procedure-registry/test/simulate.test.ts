import { randomUUID } from 'node:crypto';
import { type Agency, Tier } from '@lienthong/contracts/directory';
import type { Block, Definition, SimulateProcedureResponse } from '@lienthong/contracts/registry';
import { decidedYear } from '@lienthong/reference-data/testing';
import { refusalOf, type TestWorld } from '@lienthong/testkit';
import {
  ancestor,
  choice,
  handOver,
  holderOf,
  inDays,
  inMinutes,
  intake,
  sequence,
  step,
  subProcedure,
} from '@lienthong/workflow/testing';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { sampleProcedures } from '../src/samples.ts';
import { shown, vn } from './support/territory.ts';
import {
  commune,
  department,
  freshCode,
  openWorld,
  platformCaller,
  province,
  publish,
  sound,
} from './support/world.ts';

let world: TestWorld;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.stop());

const land = holderOf('land');
const overTet = sequence(
  'tat-ca',
  step('tiep-nhan', { timeLimit: inMinutes(240) }),
  step('tham-dinh', { performer: land, timeLimit: inDays(2), produces: ['giay-phep'] }),
  handOver('tra-ve', intake, true),
  step('tra-ket-qua'),
);
const withRoot = (root: Block, more: Partial<Definition> = {}): Definition => ({
  ...sound(more),
  workflow: { root },
});

const simulate = (definition: Definition, more: object = {}) =>
  world.admin.procedures.simulateProcedure({
    subject: { $case: 'definition', value: definition },
    intakeAgencyId: commune.id,
    receivedAt: new Date(vn('2026-02-12 09:00')),
    ...more,
  });
const kept = (procedureId: string) => ({
  subject: { $case: 'procedureId' as const, value: procedureId },
});
const planned = ({ steps }: SimulateProcedureResponse) =>
  steps.map((one) => `${one.key} ${one.agencyName} ${shown(one.startsAt)} → ${shown(one.endsAt)}`);

test('a definition that is not kept: times over Tết, the legal deadline, the load of a year', async () => {
  const result = await simulate(withRoot(overTet, { timeLimit: inDays(5) }), {
    yearlyVolume: 1_000_000,
    seed: 5n,
  });
  expect(planned(result)).toEqual([
    'tiep-nhan Ủy ban nhân dân phường Long Châu 2026-02-12 09:00 → 2026-02-12 15:00',
    'tham-dinh Sở chuyên môn 2026-02-12 15:00 → 2026-02-23 17:00',
    'tra-ve Ủy ban nhân dân phường Long Châu 2026-02-24 07:00 → 2026-02-24 11:00',
    'tra-ket-qua Ủy ban nhân dân phường Long Châu 2026-02-24 13:00 → 2026-02-25 17:00',
  ]);
  expect(result.criticalPath).toEqual(result.steps);
  expect([result.earliestFinish, result.latestFinish, result.legalDeadline].map(shown)).toEqual([
    '2026-02-25 17:00',
    '2026-02-25 17:00',
    '2026-02-26 17:00',
  ]);
  expect(result.agencyTimes).toMatchObject([
    { agencyId: commune.id, workingMinutes: 960n, steps: 3 },
    { agencyId: department.id, workingMinutes: 960n, steps: 1 },
  ]);
  expect(result.loads).toMatchObject([
    { agencyId: commune.id, dossiers: 1_000_000, steps: 3_000_000, workingMinutes: 960_000_000n },
    { agencyId: department.id, dossiers: 1_000_000, steps: 1_000_000, workingMinutes: 960_000_000n },
  ]);
  for (const { peakOpen, peakOn, officersNeeded } of result.loads) {
    expect(peakOpen).toBeGreaterThan(4_000);
    expect(peakOn).toMatch(/^202[67]-\d\d-\d\d$/);
    expect(officersNeeded).toBeGreaterThan(8_000);
  }
  expect(result.difference).toBeUndefined();
});

test('the same seed gives the same load; the data decide the ways', async () => {
  const root = sequence(
    'tat-ca',
    step('nhan', { produces: ['giay-phep'] }),
    choice('lon', [['data.area_m2 > 500.0', step('hop', { performer: land })]]),
  );
  const definition = withRoot(root);
  const load = async (more: object) => (await simulate(definition, { yearlyVolume: 2_000, ...more })).loads;
  const first = await load({ seed: 1n });
  expect(await load({ seed: 1n })).toEqual(first);
  expect(await load({ seed: 2n })).not.toEqual(first);
  const small = await load({ data: { area_m2: '80.5' } });
  expect(small.map(({ agencyId, dossiers }) => [agencyId, dossiers])).toEqual([[commune.id, 2_000]]);
});

test('a draft against the version in force, for those who may see it; without a reception it is now', async () => {
  const before = withRoot(overTet, { timeLimit: inDays(10) });
  const first = await publish(world.admin, before);
  const { procedure: draft } = await world.admin.procedures.draftProcedure({
    requestId: randomUUID(),
    definition: {
      ...before,
      workflow: { root: step('mot', { produces: ['giay-phep'] }) },
      timeLimit: inDays(4),
    },
  });
  const request = { ...kept(draft?.id ?? ''), intakeAgencyId: commune.id };
  const result = await world.admin.procedures.simulateProcedure(request);
  expect(result.difference).toMatchObject({
    againstVersion: first.version,
    workingDays: -6,
    papers: 0,
    feeVnd: 0n,
    steps: -3,
    agencies: -1,
  });
  // 08:00 on Thursday 15 January 2026.
  expect(planned(result)).toEqual([
    'mot Ủy ban nhân dân phường Long Châu 2026-01-15 08:00 → 2026-01-16 17:00',
  ]);
  const clerk = world.as(platformCaller('clerk'));
  expect(await refusalOf(clerk.procedures.simulateProcedure(request))).toMatchObject({ code: 'NOT_FOUND' });
  const published = { ...request, ...kept(first.id) };
  expect((await clerk.procedures.simulateProcedure(published)).difference).toMatchObject({
    workingDays: 0,
    steps: 0,
  });
});

test('sub-procedures are those in force at the reception, also of the version it is compared with', async () => {
  const inner = withRoot(step('ben-trong', { performer: land, produces: ['giay-phep'] }));
  await publish(world.admin, inner);
  const outer = (root: Block) =>
    withRoot(sequence('tat-ca', root, step('ket', { produces: ['giay-phep'] })), {
      code: outerCode,
      timeLimit: inDays(30),
    });
  const outerCode = freshCode();
  const calling = outer(subProcedure('con', inner.code));
  await publish(world.admin, calling);
  const result = await simulate(calling);
  expect(result.steps.map(({ key, agencyId }) => [key, agencyId])).toEqual([
    ['con/ben-trong', department.id],
    ['ket', commune.id],
  ]);
  const without = await simulate(outer(step('tu-lam')));
  expect(without.difference).toMatchObject({ steps: 0, agencies: -1 });
  const early = simulate(calling, { receivedAt: new Date(vn('2026-01-14 09:00')) });
  expect(await refusalOf(early)).toMatchObject({
    code: 'FAILED_PRECONDITION',
    reason: 'SUB_PROCEDURE_NOT_IN_FORCE',
  });
});

test('a decided year moves the deadline', async () => {
  const definition = withRoot(overTet, { timeLimit: inDays(1) });
  const receivedAt = new Date(vn('2027-03-01 09:00'));
  const deadline = async () => shown((await simulate(definition, { receivedAt })).legalDeadline);
  expect(await deadline()).toBe('2027-03-02 17:00');
  await world.decideYears(decidedYear(2027, ['2027-03-02']));
  await vi.waitFor(async () => expect(await deadline()).toBe('2027-03-03 17:00'), 20_000);
});

describe('is refused', () => {
  const unassigned = withRoot(step('mot', { performer: holderOf('khong-ai'), produces: ['giay-phep'] }));
  test.each<[string, () => Definition, object, string, string[]]>([
    [
      'without a subject',
      () => unassigned,
      { subject: undefined },
      'INVALID_ARGUMENT',
      ['subject ONE_OF_REQUIRED'],
    ],
    [
      'for a version that is none',
      () => unassigned,
      kept(randomUUID()),
      'NOT_FOUND',
      ['procedure_id PROCEDURE_UNKNOWN'],
    ],
    [
      'for an agency that is none',
      () => unassigned,
      { intakeAgencyId: randomUUID() },
      'NOT_FOUND',
      ['intake_agency_id AGENCY_UNKNOWN'],
    ],
    [
      'for an agency of another tier',
      () => unassigned,
      { intakeAgencyId: province.id },
      'FAILED_PRECONDITION',
      ['intake_agency_id AGENCY_TAKES_NOTHING_IN'],
    ],
    [
      'where no agency performs a step',
      () => unassigned,
      {},
      'FAILED_PRECONDITION',
      ['workflow.root.step.performer PERFORMER_UNRESOLVED'],
    ],
    [
      'where a tier is not above',
      () => withRoot(handOver('len', ancestor(Tier.DISTRICT))),
      {},
      'FAILED_PRECONDITION',
      ['workflow.root.hand_over.to PERFORMER_UNRESOLVED'],
    ],
    [
      'with too many dossiers',
      () => withRoot(overTet),
      { yearlyVolume: 1_000_001 },
      'INVALID_ARGUMENT',
      ['yearly_volume VOLUME_INVALID'],
    ],
    [
      'with data that is none',
      () => withRoot(overTet),
      { data: { area_m2: 'rộng', mau: 'đỏ' } },
      'INVALID_ARGUMENT',
      ['data.mau DATA_FIELD_UNKNOWN', 'data.area_m2 DATA_NOT_NUMBER'],
    ],
    [
      'received beyond the calendar',
      () => withRoot(overTet),
      { receivedAt: new Date('1990-01-02T02:00:00Z') },
      'OUT_OF_RANGE',
      [],
    ],
  ])('%s', async (_, definition, more, code, violations) => {
    expect(await refusalOf(simulate(definition(), more))).toMatchObject({ code, violations });
  });

  test('for a workflow that cannot be run', async () => {
    const definition = withRoot(choice('c', [['data.area_m2 +', step('a')]]));
    expect(await refusalOf(simulate(definition))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      reason: 'WORKFLOW_UNSOUND',
      violations: ['workflow.root.choice.cases[0].condition CONDITION_INVALID'],
    });
  });

  test('without a token', async () => {
    expect(await refusalOf(world.anybody.procedures.simulateProcedure({}))).toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });
});

describe('every sample', () => {
  const samples = sampleProcedures();
  const agencies = new Map<Tier, Agency>([
    [Tier.PROVINCE, province],
    [Tier.DEPARTMENT, department],
    [Tier.COMMUNE, commune],
  ]);
  beforeAll(async () => {
    for (const one of samples) await publish(world.admin, one);
  });

  test.each(samples.map((one) => [one.name, one] as const))('%s', async (_, definition) => {
    const at = definition.tiers.map((tier) => agencies.get(tier)).find((one) => one !== undefined);
    const request = { intakeAgencyId: at?.id, yearlyVolume: 1_200 };
    const result = await simulate(definition, request);
    const { earliestFinish, latestFinish, legalDeadline, steps, loads } = result;
    expect(Number(earliestFinish)).toBeLessThanOrEqual(Number(latestFinish));
    expect(Number(legalDeadline)).toBeGreaterThan(0);
    expect(loads.find(({ agencyId }) => agencyId === at?.id)?.dossiers).toBe(1_200);
    const agenciesOf = (of: readonly { agencyId: string }[]) => new Set(of.map(({ agencyId }) => agencyId));
    expect(agenciesOf(loads).isSubsetOf(agenciesOf(steps))).toBe(true);
    const zero = { workingDays: 0, papers: 0, feeVnd: 0n, contacts: 0, steps: 0, agencies: 0 };
    expect(result.difference).toMatchObject({ ...zero, papersAdded: [], papersRemoved: [] });
  });
});
