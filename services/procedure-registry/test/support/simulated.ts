import type { Block, Definition, SimulateProcedureResponse } from '@lienthong/contracts/registry';
import { type Simulation, simulate } from '../../src/domain/simulation/simulate.ts';
import type { Territory } from '../../src/domain/simulation/territory.ts';
import { compiled, shown, territory, vn } from './territory.ts';

/** What is to be different: by default a dossier handed in at the commune on Thursday 12 February 2026 at nine. */
type More = Partial<Simulation> & { definition?: Partial<Definition>; in?: Territory };

export function run(root: Block, { definition, in: where = territory(), ...more }: More = {}) {
  const simulation: Simulation = {
    workflow: compiled(root, definition),
    inForce: undefined,
    intakeAgencyId: 'xa',
    receivedAt: vn('2026-02-12 09:00'),
    yearlyVolume: 0,
    seed: 1n,
    data: {},
    ...more,
  };
  return simulate(simulation, where);
}

export function simulated(root: Block, more: More = {}): SimulateProcedureResponse {
  const result = run(root, more);
  if (!result.ok) throw new Error(result.refusal.message);
  return result.value;
}

/** Kind, reason, and `field REASON` of every violation. */
export const refusedWith = (root: Block, more: More = {}) => {
  const result = run(root, more);
  if (result.ok) throw new Error('not refused');
  const { kind, reason, violations = [] } = result.refusal;
  return { kind, reason, violations: violations.map((one) => `${one.field} ${one.reason}`) };
};

/** `key agency start → end` of every step. */
export const planned = ({ steps }: SimulateProcedureResponse) =>
  steps.map((one) => `${one.key} ${one.agencyId} ${shown(one.startsAt)} → ${shown(one.endsAt)}`);
export const finishes = ({ earliestFinish, latestFinish }: SimulateProcedureResponse) => [
  shown(earliestFinish),
  shown(latestFinish),
];
export const keys = (steps: SimulateProcedureResponse['steps']) => steps.map(({ key }) => key);
