import { Officer } from '@lienthong/contracts/directory';
import { ImmutableMap } from '@lienthong/eventlog';
import { postingsOf } from '@lienthong/reference-data';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { agency, command, given, id } from '../../../test/support/parts.ts';
import { type Command, decide, evolve } from '../decide.ts';
import { life } from '../register.ts';
import { covers, overlap } from '../span.ts';
import type { State } from '../state.ts';

const DATES = ['2020-01-01', '2021-01-01', '2022-01-01', '2023-01-01', '2024-01-01'];
const AGENCIES = ['a', 'b', 'c', 'd', 'e'];
const OFFICERS = Array.from({ length: 8 }, (_, i) => `o${i}`);
const authority = { admin: true, agencyId: '' };
const reply = () => ({});

const date = fc.constantFrom(...DATES);
const agencyId = fc.constantFrom(...AGENCIES);
const officerId = fc.constantFrom(...OFFICERS);
const place = { field: '' };
const posting = { position: '', roles: [] };

const act: fc.Arbitrary<Command> = fc.oneof(
  fc
    .record({
      officerId,
      agencyId,
      validFrom: date,
      validTo: fc.constantFrom('', '2025-01-01'),
      head: fc.boolean(),
    })
    .map(({ officerId: officer, agencyId: at, ...more }) => ({
      kind: 'appoint' as const,
      appointments: [
        {
          agency: { by: 'id' as const, id: at },
          on: more.validFrom,
          officer: Officer.fromPartial({ id: officer, fullName: officer, position: 'Chuyên viên', ...more }),
          place: { field: '', agencyField: 'agency_id' },
        },
      ],
      authority,
      reply,
    })),
  fc
    .record({ officerId, effectiveOn: date })
    .map((more) => ({ kind: 'relieve' as const, ...more, authority, reply })),
  fc
    .record({
      predecessor: agencyId,
      successor: agencyId,
      effectiveOn: date,
      moved: fc.uniqueArray(fc.tuple(officerId, agencyId), { maxLength: 2, selector: ([one]) => one }),
      heads: fc.uniqueArray(fc.tuple(officerId, agencyId), { maxLength: 2, selector: ([one]) => one }),
      merges: fc.boolean(),
    })
    .map(({ predecessor, successor, effectiveOn, moved, heads, merges }) => ({
      kind: 'reorganise' as const,
      ...command(
        effectiveOn,
        merges
          ? [{ kind: 'merge', predecessors: [id(predecessor)], successor: id(successor) }]
          : [{ kind: 'rename', agency: id(successor), name: 'n', nameKind: '' }],
      ),
      officerMoves: moved.map(([one, to]) => ({ officerId: one, agency: id(to), ...posting, ...place })),
      heads: heads.map(([one, at]) => ({
        officerId: one,
        agency: id(at),
        isNew: false,
        fullName: '',
        ...posting,
        ...place,
      })),
      authority,
      reply,
    })),
);

test('no sequence of commands leaves an officer in two places or an agency with two heads', () => {
  let done = 0;
  fc.assert(
    fc.property(fc.array(act, { minLength: 5, maxLength: 30 }), (acts) => {
      let state: State = {
        register: given(...AGENCIES.map((word) => agency(word))),
        officers: ImmutableMap.from(),
      };
      for (const one of acts) {
        // An id is drawn once.
        if (one.kind === 'appoint' && state.officers.has(one.appointments[0]?.officer.id ?? '')) continue;
        const decision = decide(one, state);
        if (!decision.ok) continue;
        done += 1;
        for (const { officer, version } of decision.value.change.officers)
          expect(version).toBe((state.officers.get(officer.id)?.version ?? 0) + 1);
        state = evolve(state, decision.value.change);
        checkPostings(state);
      }
    }),
    { numRuns: 300 },
  );
  // Enough is accepted to find something.
  expect(done).toBeGreaterThan(500);
});

function checkPostings({ register, officers }: State): void {
  const heads = new Map<string, { validFrom: string; validTo: string }[]>();
  for (const { officer } of officers.entries().values()) {
    const postings = postingsOf(officer);
    for (const [i, one] of postings.entries()) {
      if (one.validTo !== '') expect(one.validFrom < one.validTo).toBe(true);
      const next = postings[i + 1];
      if (next) expect(one.validTo !== '' && one.validTo <= next.validFrom).toBe(true);
      const at = register.get(one.agencyId);
      if (!at) throw new Error(`posted at ${one.agencyId}, which is not in the register`);
      expect(at.establishedOn <= one.validFrom).toBe(true);
      // Nobody stays at an agency with a successor after it has ended.
      if (at.successors.length > 0) expect(covers(life(at), one)).toBe(true);
      if (!one.head) continue;
      const terms = heads.get(at.id) ?? [];
      expect(terms.filter((term) => overlap(term, one))).toEqual([]);
      heads.set(at.id, [...terms, one]);
    }
  }
}
