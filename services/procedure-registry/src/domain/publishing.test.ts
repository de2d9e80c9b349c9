import { randomUUID } from 'node:crypto';
import { Tier } from '@lienthong/contracts/directory';
import { type Problem, ProcedureState, Severity } from '@lienthong/contracts/registry';
import { agencyBook } from '@lienthong/reference-data';
import { agency } from '@lienthong/reference-data/testing';
import { definition, sequence, step, subProcedure } from '@lienthong/workflow/testing';
import { expect, test } from 'vitest';
import { decide } from './command.ts';
import { decideValidate } from './publishing.ts';
import { evolve, type RegistryState } from './state.ts';

const agencies = agencyBook();
agencies.put(agency({ code: 'H61.1', name: 'Xã', tier: Tier.COMMUNE }));
const unsound = definition(sequence('all', subProcedure('goi', '1.000002'), step('lam')), {
  code: '1.000001',
});
const problem: Problem = {
  severity: Severity.WARNING,
  reason: 'BEFORE',
  place: '',
  blockKey: '',
  message: '',
  line: 0,
};

/** A register with a draft that is unsound. */
function drafted(basis: string): { state: RegistryState; procedureId: string } {
  const procedureId = randomUUID();
  const empty: RegistryState = { agencies, basis, histories: new Map() };
  const decided = decide({ kind: 'draft', id: procedureId, definition: unsound }, empty);
  if (!decided.ok) throw new Error(decided.refusal.message);
  return { state: evolve(empty, decided.value.change), procedureId };
}

function validated(state: RegistryState, procedureId: string) {
  const checked = { basis: '7 3', problems: [problem] };
  const result = decideValidate({ kind: 'validate', procedureId, today: '2026-01-15', checked }, state);
  if (!result.ok) throw new Error(result.refusal.message);
  const { procedure, problems } = result.value.reply;
  return { state: procedure?.state, reasons: problems.map(({ reason }) => reason) };
}

test('problems that were found among the same register and agencies count', () => {
  const { state, procedureId } = drafted('7 3');
  expect(validated({ ...state, basis: '7 3' }, procedureId)).toEqual({
    state: ProcedureState.VALIDATED,
    reasons: ['BEFORE'],
  });
});

test.each(['7 4', '8 3', undefined])('after any change since, they are found again: %s', (basis) => {
  const { state, procedureId } = drafted('7 3');
  const { state: after, reasons } = validated({ ...state, basis }, procedureId);
  expect(after).toBe(ProcedureState.DRAFT);
  expect(reasons).toContain('SUB_PROCEDURE_UNKNOWN');
});

test('a command of the same batch is a change', () => {
  const { state, procedureId } = drafted('7 3');
  expect(validated(state, procedureId).reasons).not.toContain('BEFORE');
});
