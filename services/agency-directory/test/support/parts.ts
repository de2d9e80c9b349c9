import { Tier } from '@lienthong/contracts/directory';
import type { Establish, Part, Ref, Reorganise } from '../../src/domain/command.ts';
import type { Problem } from '../../src/domain/problem.ts';
import { Register } from '../../src/domain/register.ts';
import { type ReorganiseResult, reorganise } from '../../src/domain/reorganise.ts';

/** A part without its place in the request, which `command` fills in. */
export type Loose = Part extends infer P ? (P extends Part ? Omit<P, 'index' | 'field'> : never) : never;

export const id = (agency: string): Ref => ({ by: 'id', id: agency });
export const key = (name: string): Ref => ({ by: 'key', key: name });
export const qd20 = (code: string) => ({ scheme: 'QD20', code });
export const code = (text: string): Ref => ({ by: 'code', code: qd20(text) });

/** An agency to establish, whose id, key, name and (by default) code are the same word. */
export function agency(word: string, more: Partial<Omit<Establish, 'kind' | 'id'>> = {}): Loose {
  return {
    kind: 'establish',
    id: word,
    key: word,
    codes: [qd20(word)],
    name: word,
    nameKind: '',
    tier: Tier.COMMUNE,
    parent: undefined,
    functions: [],
    officeHours: [],
    validFrom: '',
    validTo: '',
    ...more,
  };
}

/** Parts that take effect on a date; agencies they establish begin then. */
export function command(effectiveOn: string, parts: readonly Loose[]): Reorganise {
  return {
    effectiveOn,
    legalBasis: 'NQ 1',
    parts: parts.map((part, index) => ({
      ...part,
      ...(part.kind === 'establish' && part.validFrom === '' ? { validFrom: effectiveOn } : {}),
      index,
      field: `parts[${index}].${part.kind}`,
    })),
  };
}

export function enact(
  register: Register,
  effectiveOn: string,
  parts: readonly Loose[],
): Extract<ReorganiseResult, { ok: true }> {
  const outcome = reorganise(register, command(effectiveOn, parts));
  if (!outcome.ok) throw new Error(`refused: ${JSON.stringify(outcome.faults)}`);
  for (const change of outcome.changes) register.put(change.agency);
  return outcome;
}

/** A register in which these agencies exist without a known beginning. */
export function given(...parts: readonly Loose[]): Register {
  const register = new Register();
  enact(register, '', parts);
  return register;
}

export function problemsOf(
  register: Register,
  effectiveOn: string,
  parts: readonly Loose[],
): readonly Problem[] {
  const outcome = reorganise(register, command(effectiveOn, parts));
  return outcome.ok ? [] : outcome.faults.map(({ problem }) => problem);
}

/** The record of an agency that must be there. */
export function recordOf(register: Register, agencyId: string) {
  const record = register.get(agencyId);
  if (!record) throw new Error(`no agency ${agencyId}`);
  return record;
}
