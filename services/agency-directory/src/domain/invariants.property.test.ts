import { type Agency, Tier } from '@lienthong/contracts/directory';
import { isInForce, type Span } from '@lienthong/reference-data';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { agency, command, given, key, type Loose, qd20 } from '../../test/support/parts.ts';
import type { Ref } from './command.ts';
import type { Register } from './register.ts';
import { reorganise } from './reorganise.ts';

const DATES = ['2020-01-01', '2021-01-01', '2022-01-01', '2023-01-01', '2024-01-01', '2025-01-01'];
const CODES = Array.from({ length: 16 }, (_, i) => `C${i}`);
const FUNCTIONS = ['land', 'health', 'tax'];

const date = fc.constantFrom(...DATES);
const codes = fc.constantFrom(...CODES).map((c) => [qd20(c)]);
const functions = fc.uniqueArray(fc.constantFrom(...FUNCTIONS), { maxLength: 2 });

/** A reference by what it will be in the register the command meets: an id, one of the command's keys, or a code. */
type Pick = { by: 'nth'; n: number } | Ref;
const pick: fc.Arbitrary<Pick> = fc.oneof(
  { weight: 30, arbitrary: fc.nat(20).map((n) => ({ by: 'nth', n }) as const) },
  { weight: 2, arbitrary: fc.constantFrom('k0', 'k1').map((key) => ({ by: 'key', key }) as const) },
  { weight: 2, arbitrary: fc.constantFrom(...CODES).map((c) => ({ by: 'code', code: qd20(c) }) as const) },
);

type Resolve = (pick: Pick) => Ref;
type Recipe = (resolve: Resolve, fresh: () => string) => Loose;

const recipe: fc.Arbitrary<Recipe> = fc.oneof(
  fc
    .record({
      codes,
      functions,
      parent: fc.option(pick),
      key: fc.constantFrom('k0', 'k1'),
      validTo: fc.constantFrom('', '', '2024-01-01'),
    })
    .map(
      ({ parent, ...more }): Recipe =>
        (resolve, fresh) => ({
          ...agency(fresh(), { ...more, parent: parent ? resolve(parent) : undefined }),
        }),
    ),
  pick.map(
    (a): Recipe =>
      (resolve) => ({ kind: 'rename', agency: resolve(a), name: 'n', nameKind: '' }),
  ),
  fc.tuple(pick, fc.option(pick)).map(
    ([a, p]): Recipe =>
      (resolve) => ({
        kind: 'move',
        agency: resolve(a),
        parent: p ? resolve(p) : undefined,
        tier: Tier.DISTRICT,
      }),
  ),
  fc.record({ a: pick, codes, added: functions, ended: functions }).map(
    ({ a, codes, added, ended }): Recipe =>
      (resolve) => ({
        kind: 'update',
        agency: resolve(a),
        codes,
        functionsAdded: added,
        functionsEnded: ended.filter((f) => !added.includes(f)),
        officeHours: [{ day: 1, opens: '07:00', closes: '11:00' }],
      }),
  ),
  fc.tuple(fc.array(pick, { minLength: 1, maxLength: 2 }), pick).map(
    ([ps, s]): Recipe =>
      (resolve) => ({ kind: 'merge', predecessors: ps.map(resolve), successor: resolve(s) }),
  ),
  fc.tuple(pick, pick, pick).map(
    ([p, a, b]): Recipe =>
      (resolve) => ({
        kind: 'split',
        predecessor: resolve(p),
        successors: [
          { agency: resolve(a), main: true, functions: [] },
          { agency: resolve(b), main: false, functions: [] },
        ],
      }),
  ),
  pick.map(
    (a): Recipe =>
      (resolve) => ({ kind: 'end', agency: resolve(a) }),
  ),
);

const history = fc.array(fc.tuple(date, fc.array(recipe, { minLength: 1, maxLength: 2 })), {
  minLength: 5,
  maxLength: 40,
});

test('no sequence of reorganisations breaks the register', () => {
  let accepted = 0;
  let merged = 0;
  fc.assert(
    fc.property(history, (commands) => {
      const register = given(
        agency('A', { codes: [qd20('C0')], functions: ['land'] }),
        agency('B', { codes: [qd20('C1')], parent: key('A'), functions: ['health'] }),
        agency('C', { codes: [qd20('C2')], parent: key('B') }),
        agency('D', { codes: [qd20('C3')], parent: key('A') }),
        agency('E', { codes: [qd20('C4')] }),
        agency('F', { codes: [qd20('C5')] }),
      );
      let drawn = 0;
      const fresh = () => `agency-${drawn++}`;
      for (const [on, recipes] of commands) {
        const ids = [...register.ids()];
        const before = ids.map((id) => register.get(id));
        const resolve: Resolve = (p) =>
          p.by !== 'nth'
            ? p
            : { by: 'id', id: ids.length === 0 ? 'nobody' : (ids[p.n % ids.length] ?? 'nobody') };
        const outcome = reorganise(
          register,
          command(
            on,
            recipes.map((r) => r(resolve, fresh)),
          ),
        );
        expect(ids.map((id) => register.get(id))).toEqual(before);
        if (!outcome.ok) {
          expect(outcome.faults).not.toHaveLength(0);
          continue;
        }
        accepted += 1;
        for (const { type, agency: record } of outcome.changes) {
          expect(record.version).toBe((register.get(record.id)?.version ?? 0n) + 1n);
          register.put(record);
          merged += type === 'AgencyEnded' && record.successors.length > 0 ? 1 : 0;
        }
        check(register);
      }
    }),
    { numRuns: 300 },
  );
  // The commands drawn must be worth checking.
  expect(accepted).toBeGreaterThan(500);
  expect(merged).toBeGreaterThan(20);
});

function check(register: Register): void {
  const agencies = [...register.ids()].map((id) => register.get(id) as Agency);
  const dates = ['', '2019-06-01', ...DATES, '2026-01-01'];
  for (const one of agencies) checkRecord(register, one);
  for (const on of dates) {
    for (const text of CODES) {
      const holders = agencies.filter((a) =>
        a.identifiers.some((i) => i.code?.code === text && isInForce(i, on)),
      );
      expect(holders.length).toBeLessThanOrEqual(1);
      expect(register.resolve(qd20(text), on)?.id).toBe(holders[0]?.id);
    }
    for (const one of agencies) checkAncestors(register, one, on);
  }
}

function checkRecord(register: Register, one: Agency): void {
  const life = { validFrom: one.establishedOn, validTo: one.endedOn };
  expectTiling(one.names, life);
  expectTiling(one.placements, life);
  const series = [
    one.identifiers,
    one.officeHours,
    ...FUNCTIONS.map((name) => one.functions.filter((f) => f.function === name)),
  ];
  for (const facts of series) {
    for (const [i, fact] of facts.entries()) {
      expect(fact.validTo === '' || fact.validFrom < fact.validTo).toBe(true);
      expect(fact.validFrom >= life.validFrom).toBe(true);
      expect(life.validTo === '' || (fact.validTo !== '' && fact.validTo <= life.validTo)).toBe(true);
      const next = facts[i + 1];
      if (next) expect(fact.validTo !== '' && fact.validTo <= next.validFrom).toBe(true);
    }
  }
  if (one.successors.length === 0) return;
  expect(one.successors.filter((s) => s.main)).toHaveLength(1);
  for (const { successorId, effectiveOn } of one.successors) {
    const successor = register.get(successorId) as Agency;
    expect(effectiveOn).toBe(one.endedOn);
    expect(isInForce({ validFrom: successor.establishedOn, validTo: successor.endedOn }, effectiveOn)).toBe(
      true,
    );
  }
}

/** One fact at every moment of a life, without gap or overlap. */
function expectTiling(facts: readonly Span[], life: Span): void {
  expect(facts.length).toBeGreaterThan(0);
  expect(facts[0]?.validFrom).toBe(life.validFrom);
  expect(facts.at(-1)?.validTo).toBe(life.validTo);
  for (const [i, fact] of facts.entries()) {
    const next = facts[i + 1];
    if (next) expect([fact.validTo !== '', fact.validTo]).toEqual([true, next.validFrom]);
  }
}

function checkAncestors(register: Register, one: Agency, on: string): void {
  const passed = new Set<string>();
  let at: Agency | undefined = one;
  while (at) {
    expect(passed.has(at.id)).toBe(false);
    passed.add(at.id);
    const placement = at.placements.find((p) => isInForce(p, on));
    if (!placement || placement.parentId === '') return;
    const parent: Agency | undefined = register.get(placement.parentId);
    expect(parent && isInForce({ validFrom: parent.establishedOn, validTo: parent.endedOn }, on)).toBe(true);
    at = parent;
  }
}
