import { type CompiledWorkflow, compile, tierName } from '@lienthong/workflow';
import { expect, test } from 'vitest';
import { shown, territory, vn } from '../test/support/territory.ts';
import { simulate } from './domain/simulation/simulate.ts';
import { sampleProcedures } from './samples.ts';

const samples = sampleProcedures();
const workflows: Record<string, CompiledWorkflow> = {};
for (const sample of samples) {
  const result = compile(sample);
  if (!result.ok) throw new Error(`${sample.name}: ${result.refusal.message}`);
  workflows[sample.code] = result.value;
}

const DAYS = ['2026-03-02', '2026-03-03', '2026-03-04', '2026-03-05', '2026-03-06'];
// In the morning, just early enough, and after the cutoff of 15:00.
const TIMES = ['08:00', '14:30', '15:30'];
const receptions = DAYS.flatMap((day) => TIMES.map((time) => `${day} ${time}`));

test.each(samples.map((sample) => [sample.name, sample] as const))(
  '%s is finished in time on every way, whenever it is received',
  (_, { code, tiers }) => {
    const late = receptions.flatMap((received) => {
      const where = { ...territory(workflows), tierOf: () => tierName(tiers[0] ?? 0) };
      const result = simulate(
        {
          workflow: workflows[code] as CompiledWorkflow,
          inForce: undefined,
          intakeAgencyId: 'xa',
          receivedAt: vn(received),
          yearlyVolume: 0,
          seed: 1n,
          data: {},
        },
        where,
      );
      if (!result.ok) throw new Error(result.refusal.message);
      const { latestFinish, legalDeadline } = result.value;
      const inTime = latestFinish && legalDeadline && latestFinish <= legalDeadline;
      return inTime ? [] : `${received}: ${shown(latestFinish)}, due ${shown(legalDeadline)}`;
    });
    expect(late).toEqual([]);
  },
);
