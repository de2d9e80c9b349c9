import type { Block, PlannedStep } from '@lienthong/contracts/registry';
import { begin, type CompiledWorkflow, complete, longest } from '@lienthong/workflow';
import {
  ancestor,
  choice,
  consultation,
  facts,
  handOver,
  holderOf,
  inMinutes,
  intake,
  Join,
  parallel,
  sequence,
  step,
  Tier,
} from '@lienthong/workflow/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compiled, territory, vn } from '../../../test/support/territory.ts';
import { planOf } from './plan.ts';
import { schedule } from './schedule.ts';
import { timetableOf, walk } from './walk.ts';
import { waysThrough } from './ways.ts';

/** A block before it has a key. */
type Shape =
  | { kind: 'step'; minutes: number; agency: string }
  | { kind: 'consultation' | 'hand-over'; agency: string }
  | { kind: 'sequence'; inner: Shape[] }
  | { kind: 'parallel'; join: Join; inner: Shape[] }
  | { kind: 'choice'; conditions: string[]; inner: Shape[]; otherwise: boolean };

const CONDITIONS = ['data.area_m2 > 500.0', 'data.urgent', 'data.floors >= 3', 'data.kind == "A"'];

const agency = fc.constantFrom('xa', 'so', 'so-sang', 'tinh');
const stepShape = fc.record({
  kind: fc.constant('step' as const),
  // Odd and long, so that two branches hardly ever end at the same moment.
  minutes: fc.integer({ min: 1, max: 20_000 }),
  agency,
});
const otherLeaf = fc.record({ kind: fc.constantFrom('consultation' as const, 'hand-over' as const), agency });

const shapes = (leaf: fc.Arbitrary<Shape>) =>
  fc.letrec<{ block: Shape }>((tie) => ({
    block: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      leaf,
      fc.record({
        kind: fc.constant('sequence' as const),
        inner: fc.array(tie('block'), { minLength: 1, maxLength: 4 }),
      }),
      fc.record({
        kind: fc.constant('parallel' as const),
        join: fc.constantFrom(Join.ALL, Join.LEAD, Join.FIRST),
        inner: fc.array(tie('block'), { minLength: 2, maxLength: 3 }),
      }),
      fc.record({
        kind: fc.constant('choice' as const),
        conditions: fc.uniqueArray(fc.constantFrom(...CONDITIONS), { minLength: 1, maxLength: 2 }),
        inner: fc.array(tie('block'), { minLength: 3, maxLength: 3 }),
        otherwise: fc.boolean(),
      }),
    ),
  })).block;

function workflowOf(shape: Shape): CompiledWorkflow {
  let keys = 0;
  const build = (one: Shape): Block => {
    const key = `k${keys++}`;
    switch (one.kind) {
      case 'step':
        return step(key, { performer: performerOf(one.agency), timeLimit: inMinutes(one.minutes) });
      case 'consultation':
        return consultation(key, performerOf(one.agency), holderOf(one.agency === 'so' ? 'so-sang' : 'so'));
      case 'hand-over':
        return handOver(key, performerOf(one.agency));
      case 'sequence':
        return sequence(key, ...one.inner.map(build));
      case 'parallel':
        return parallel(key, one.join, ...one.inner.map(build));
      case 'choice': {
        const [last, ...inner] = one.inner.map(build);
        const cases = one.conditions.flatMap((condition, i): [string, Block][] => {
          const block = inner[i];
          return block ? [[condition, block]] : [];
        });
        return choice(key, cases, one.otherwise ? last : undefined);
      }
    }
  };
  return compiled(build(shape));
}

const performerOf = (agencyId: string) =>
  agencyId === 'xa' ? intake : agencyId === 'tinh' ? ancestor(Tier.PROVINCE) : holderOf(agencyId);

const MOMENTS = fc.integer({ min: vn('2026-01-05 00:00'), max: vn('2026-12-20 00:00') });

function scheduled(workflow: CompiledWorkflow, receivedAt: number) {
  const where = territory();
  const plan = planOf(workflow, where, 'xa', {});
  const ways = waysThrough(plan.root, 2_000);
  fc.pre(ways !== undefined);
  const timetable = timetableOf(where);
  return {
    plan,
    ways: ways ?? [],
    timetable,
    result: schedule(plan, receivedAt, ways ?? [], timetable, where),
  };
}

const minutesOf = (steps: readonly PlannedStep[]) => steps.reduce((sum, one) => sum + one.workingMinutes, 0n);

test('earliest ≤ latest, every step ends after it starts, and agencies add up to the steps', () => {
  fc.assert(
    fc.property(shapes(fc.oneof(stepShape, otherLeaf)), MOMENTS, (shape, receivedAt) => {
      const { result, ways } = scheduled(workflowOf(shape), receivedAt);
      const { earliestFinish, latestFinish, steps, agencyTimes, criticalPath } = result;
      expect(Number(earliestFinish)).toBeLessThanOrEqual(Number(latestFinish));
      for (const { startsAt, endsAt } of steps) expect(Number(startsAt)).toBeLessThanOrEqual(Number(endsAt));
      expect(agencyTimes.reduce((sum, one) => sum + one.workingMinutes, 0n)).toBe(minutesOf(steps));
      expect(agencyTimes.reduce((sum, one) => sum + one.steps, 0)).toBe(steps.length);
      for (const one of criticalPath) expect(steps).toContainEqual(one);
      expect(ways.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
    }),
    { numRuns: 150 },
  );
});

test('the critical path sums to the longest way that the workflow itself knows', () => {
  // Each choice on a condition of its own: the workflow's arithmetic takes them one by one.
  fc.assert(
    fc.property(shapes(stepShape), MOMENTS, (shape, receivedAt) => {
      const workflow = workflowOf(shape);
      const texts = [...workflow.nodes.values()].flatMap((node) =>
        node.kind === 'choice' ? node.conditions.map(({ text }) => text) : [],
      );
      fc.pre(new Set(texts).size === texts.length);
      const { result } = scheduled(workflow, receivedAt);
      expect(Number(minutesOf(result.criticalPath))).toBe(longest(workflow).minutes);
    }),
    { numRuns: 150 },
  );
});

test('a dossier that comes later is never finished earlier, nor by a longer step', () => {
  fc.assert(
    fc.property(
      shapes(stepShape),
      MOMENTS,
      fc.integer({ min: 0, max: 40 * 86_400_000 }),
      (shape, at, more) => {
        const workflow = workflowOf(shape);
        const [first, second] = [scheduled(workflow, at).result, scheduled(workflow, at + more).result];
        expect(Number(first.earliestFinish)).toBeLessThanOrEqual(Number(second.earliestFinish));
        expect(Number(first.latestFinish)).toBeLessThanOrEqual(Number(second.latestFinish));
      },
    ),
    { numRuns: 100 },
  );
});

test('each way visits what the interpreter opens when everybody takes all the time they are given', () => {
  let compared = 0;
  fc.assert(
    fc.property(shapes(stepShape), MOMENTS, (shape, receivedAt) => {
      const workflow = workflowOf(shape);
      const { plan, ways, timetable } = scheduled(workflow, receivedAt);
      for (const way of ways.slice(0, 20)) {
        const { visits, at } = walk(plan.root, 'xa', receivedAt, way, timetable);
        // Of two that end at the same moment the interpreter must take one first.
        if (new Set(visits.map(({ endsAt }) => endsAt)).size < visits.length) continue;
        const ends = new Map(visits.map((visit) => [visit.work.key, visit.endsAt]));
        const [choices, opened] = [branchesByKey(workflow, way), new Set<string>()];
        const seen = facts({}, { undecided: ({ key }) => choices.get(key) ?? 0 });
        let progress = begin(workflow, seen);
        let last = at;
        for (;;) {
          if (!progress.ok) throw new Error(progress.refusal.message);
          const { position } = progress.value;
          for (const { key } of progress.value.opened) opened.add(key);
          const [next] = position.open.toSorted((a, b) => (ends.get(a.key) ?? 0) - (ends.get(b.key) ?? 0));
          if (next === undefined) break;
          last = ends.get(next.key) ?? Number.NaN;
          progress = complete(workflow, position, next.id, 'xong', seen);
        }
        const came = visits.filter((visit) => (visit.cancelledAt ?? visit.endsAt) > visit.arrivedAt);
        expect(new Set(came.map(({ work }) => work.key))).toEqual(opened);
        if (visits.length > 0) expect(last).toBe(at);
        compared += 1;
      }
    }),
    { numRuns: 150 },
  );
  expect(compared).toBeGreaterThan(100);
});

/** By the key of the choice: a plan meets them in the workflow's order, and not those on branches it does not take. */
function branchesByKey(
  { nodes }: CompiledWorkflow,
  { branches }: { branches: ReadonlyMap<unknown, number> },
): Map<string, number> {
  const keys: string[] = [];
  const taken = [...branches.values()];
  const visit = (node: ReturnType<typeof nodes.get>): void => {
    if (node === undefined || !('children' in node)) return;
    if (node.kind !== 'choice') {
      for (const child of node.children) visit(child);
      return;
    }
    const branch = taken[keys.length] ?? 0;
    keys.push(node.key);
    visit(node.children[branch]);
  };
  visit([...nodes.values()].find((node) => node.parent === undefined));
  return new Map(keys.map((key, i) => [key, taken[i] ?? 0]));
}
