import { TaskKind } from '@lienthong/contracts/casework';
import { consultation, holderOf, sequence, step } from '@lienthong/workflow/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { procedure } from '../../../test/support/procedures.ts';
import { completing, createScenario, type Scenario } from '../../../test/support/scenario.ts';
import { mayReadFiles, READING } from './may-read.ts';

const DAY_MS = 86_400_000;
const asking = procedure(
  sequence('s', consultation('hoi', holderOf('finance')), step('tham-dinh', { performer: holderOf('land') })),
);

function lodged() {
  const at = createScenario([asking]);
  at.lodge(asking);
  return at;
}

function reads(at: Scenario, agency: { id: string }, now = at.now): boolean {
  const tasks = [...at.tasks.values()].filter((task) => task.agency.agencyId === agency.id);
  return mayReadFiles(at.dossier, tasks, (id) => id === agency.id, now);
}

test('who takes part reads; who does not, never', () => {
  const at = lodged();
  const { commune, finance, land, otherCommune } = at.province;
  expect([commune, finance, land, otherCommune].map(({ agency }) => reads(at, agency))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  at.carryOut(finance.officer, { ...completing('answered'), taskNumber: 1 });
  expect(reads(at, land.agency)).toBe(true);
});

test('an open consultation has no end; a closed one lets its agency read for some days more', () => {
  const at = lodged();
  const { finance } = at.province;
  fc.assert(fc.property(fc.nat(10_000), (days) => reads(at, finance.agency, at.now + days * DAY_MS)));
  at.carryOut(finance.officer, { ...completing('answered'), taskNumber: 1 });
  const end = at.now + READING.consultedDays * DAY_MS;
  expect(reads(at, finance.agency, end)).toBe(true);
  expect(reads(at, finance.agency, end + 1)).toBe(false);
});

test('an agency that was consulted and did a step reads without an end', () => {
  const at = lodged();
  const { finance } = at.province;
  at.carryOut(finance.officer, { ...completing('answered'), taskNumber: 1 });
  const [task] = at.tasks.values();
  if (!task) throw new Error('no task');
  const tasks = [task, { ...task, number: 9, kind: TaskKind.STEP }];
  const later = at.now + 10_000 * DAY_MS;
  expect(mayReadFiles(at.dossier, tasks, (id) => id === finance.agency.id, later)).toBe(true);
});

test('a withdrawn dossier is read for the time of a complaint, and nobody gains by waiting', () => {
  const at = lodged();
  const { commune, finance } = at.province;
  at.carryOut(commune.clerk, { kind: 'withdraw', reason: 'Công dân rút' });
  const end = at.now + READING.endedDays * DAY_MS;
  expect(reads(at, commune.agency, end)).toBe(true);
  expect(reads(at, commune.agency, end + 1)).toBe(false);
  const days = fc.nat(200);
  fc.assert(
    fc.property(days, days, fc.constantFrom(commune, finance), (a, b, { agency }) => {
      const [sooner, later] = [Math.min(a, b), Math.max(a, b)].map((n) => at.now + n * DAY_MS) as [
        number,
        number,
      ];
      expect(reads(at, agency, sooner) || !reads(at, agency, later)).toBe(true);
    }),
  );
});
