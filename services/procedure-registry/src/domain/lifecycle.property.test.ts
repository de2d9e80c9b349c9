import { randomUUID } from 'node:crypto';
import { Tier } from '@lienthong/contracts/directory';
import type { Decision, Definition } from '@lienthong/contracts/registry';
import { agencyBook } from '@lienthong/reference-data';
import { agency } from '@lienthong/reference-data/testing';
import { checkDefinition } from '@lienthong/workflow';
import { definition, inDays, sequence, step, subProcedure } from '@lienthong/workflow/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Command, decide } from './command.ts';
import { definitionOf, inForceAt, isDraft, isPublic } from './procedure.ts';
import { evolve, type RegistryState } from './state.ts';

const province = agency({ code: 'H61', name: 'Tỉnh', tier: Tier.PROVINCE });
const commune = agency({ code: 'H61.1', name: 'Xã', parentId: province.id, functions: ['construction'] });
const agencies = agencyBook();
agencies.put(province);
agencies.put(commune);

const CODES = ['1.000001', '1.000002', '1.000003'] as const;
const DAYS = Array.from({ length: 14 }, (_, i) => `2026-01-${String(i + 1).padStart(2, '0')}`);
const FIRST_DAY = '2026-01-01';
const decision: Decision = {
  number: '1/QĐ',
  decidedOn: FIRST_DAY,
  signerName: 'A',
  signerPosition: 'Chủ tịch',
};

/** Sound among whatever it calls, if that is no circle: its limit is longer than any chain of three. */
const calling = (code: string, called: readonly string[]): Definition =>
  definition(
    sequence(
      'all',
      ...called.map((one, i) => subProcedure(`goi-${i}`, one)),
      step('lam', { produces: ['giay-phep'] }),
    ),
    { code, timeLimit: inDays(called.length > 0 ? 3000 : 1) },
  );

interface Act {
  kind: Command['kind'] | 'prepare' | 'all the way';
  code: number;
  called: number[];
  nth: number;
  /** Days from today. */
  ahead: number;
  /** Whether a day passes before. */
  wait: boolean;
}

const acts = fc.array(
  fc.record<Act>({
    kind: fc.constantFrom(
      'draft',
      'revise',
      'discard',
      'import',
      'import-record',
      'validate',
      'publish',
      'repeal',
      'repeal',
      'suspend',
      'resume',
      'prepare',
      'all the way',
      'all the way',
      'all the way',
    ),
    code: fc.nat(2),
    called: fc.uniqueArray(fc.nat(2), { maxLength: 1 }),
    nth: fc.nat(9),
    ahead: fc.nat(3),
    wait: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
  }),
  { minLength: 20, maxLength: 60 },
);

/** What an act does, one command after the other. */
const commandsIn = ({ kind }: Act): Command['kind'][] => {
  if (kind === 'prepare') return ['import', 'validate'];
  return kind === 'all the way' ? ['import', 'validate', 'publish'] : [kind];
};

function commandOf(kind: Command['kind'], act: Act, state: RegistryState, today: string): Command {
  const day = DAYS[Math.min(DAYS.indexOf(today) + act.ahead, DAYS.length - 1)] as string;
  const code = CODES[act.code] as string;
  const versions = [...state.histories.values()].flatMap((one) => one.versions);
  // The newest version of the code nine times out of ten, so that stories get somewhere.
  const newest = state.histories.get(code)?.versions.at(-1);
  const procedureId = (act.nth < 9 ? newest : versions[act.nth])?.id ?? randomUUID();
  const made = calling(
    code,
    act.called.filter((one) => one !== act.code).map((one) => CODES[one] as string),
  );
  // One in ten has read another one.
  const revision = act.nth < 9 ? 0 : 7;
  switch (kind) {
    case 'draft':
      return { kind: 'draft', id: randomUUID(), definition: made };
    case 'revise':
      return { kind: 'revise', procedureId, definition: made, revision };
    case 'discard':
      return { kind: 'discard', procedureId, revision };
    case 'import':
      return { kind: 'import', definitions: [{ id: randomUUID(), definition: made }] };
    case 'import-record':
      return { kind: 'import-record', id: randomUUID(), definition: made, uncertain: [] };
    case 'validate':
      return { kind: 'validate', procedureId, today, checked: undefined };
    case 'publish':
      return {
        kind: 'publish',
        procedureId,
        today,
        effectiveOn: day,
        decision,
        revision,
        checked: undefined,
      };
    case 'repeal':
      return { kind: 'repeal', procedureId, today, endedOn: day, decision };
    case 'suspend':
      return { kind: 'suspend', procedureId, today, now: new Date(today), reason: 'Lỗi quy trình' };
    case 'resume':
      return { kind: 'resume', procedureId };
  }
}

function checkInvariants(state: RegistryState): void {
  for (const { versions } of state.histories.values()) {
    expect(versions.filter(isDraft).length).toBeLessThanOrEqual(1);
    expect(versions.map((one) => one.version)).toEqual(versions.map((_, i) => i + 1));
    for (const version of versions.filter(isDraft)) expect(version.suspension).toBeUndefined();
    for (const version of versions.filter(isPublic))
      expect(version.endedOn === '' || version.effectiveOn < version.endedOn).toBe(true);
  }
  for (const day of DAYS) {
    const inForce = [...state.histories.values()].flatMap((history) => {
      const there = history.versions.filter(
        (one) => isPublic(one) && inForceAt({ ...history, versions: [one] }, day),
      );
      expect(there.length).toBeLessThanOrEqual(1);
      return there;
    });
    const byCode = new Map(inForce.map((one) => [one.code, definitionOf(one)]));
    for (const version of inForce) {
      const problems = checkDefinition(definitionOf(version), { procedures: (code) => byCode.get(code) });
      expect(problems.filter(({ reason }) => reason.startsWith('SUB_PROCEDURE'))).toEqual([]);
    }
  }
}

test('whatever is done in whatever order: one draft, one version in force, events without gaps, and no circle or missing part on any day', {
  timeout: 240_000,
}, () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(acts, (story) => {
      let state: RegistryState = { agencies, basis: undefined, histories: new Map() };
      const last = new Map<string, number>();
      let day = 0;
      for (const act of story) {
        if (act.wait) day = Math.min(day + 1, DAYS.length - 1);
        for (const kind of commandsIn(act)) {
          const command = commandOf(kind, act, state, DAYS[day] as string);
          const before = structuredClone(state.histories);
          const decided = decide(command, state);
          expect(state.histories).toEqual(before);
          seen.add(decided.ok ? kind : decided.refusal.reason);
          if (!decided.ok) continue;
          for (const event of decided.value.events) {
            expect(event.version).toBe((last.get(event.aggregateId) ?? 0) + 1);
            last.set(event.aggregateId, event.version);
          }
          state = evolve(state, decided.value.change);
          for (const { id, lastEvent } of state.histories.values()) expect(lastEvent).toBe(last.get(id));
          checkInvariants(state);
        }
      }
    }),
    { numRuns: 150 },
  );
  // The stories got everywhere.
  for (const one of [
    'draft',
    'revise',
    'discard',
    'import',
    'import-record',
    'validate',
    'publish',
    'repeal',
    'suspend',
    'resume',
  ])
    expect(seen).toContain(one);
  for (const reason of [
    'DRAFT_EXISTS',
    'NOT_VALIDATED',
    'EFFECTIVE_DATE_TOO_EARLY',
    'PROCEDURE_IN_USE',
    'DEFINITION_UNSOUND',
    'ALREADY_SUSPENDED',
    'NOT_SUSPENDED',
  ])
    expect(seen).toContain(reason);
});
