import { Tier } from '@lienthong/contracts/directory';
import { Effect } from '@lienthong/contracts/registry';
import {
  ancestor,
  consultation,
  handOver,
  holderOf,
  outcome,
  sequence,
  step,
  subProcedure,
} from '@lienthong/workflow/testing';
import { expect, test } from 'vitest';
import { procedure } from '../../../test/support/procedures.ts';
import { completing, createScenario } from '../../../test/support/scenario.ts';
import { compileProcedure } from '../dossier/procedure.ts';
import { outcomesOf } from './outcomes.ts';

const every = procedure(
  sequence(
    's',
    step('tham-dinh', { outcomes: [outcome('dat'), outcome('khong-dat', Effect.REFUSE)] }),
    consultation('hoi', holderOf('finance')),
    handOver('len-tinh', ancestor(Tier.PROVINCE)),
    subProcedure('con', '1.000009'),
  ),
);

test('every open task shows what it can be completed with, and nothing else completes it', () => {
  const at = createScenario([every]);
  at.lodge(every, { accept: false });
  const compiled = compileProcedure(every);
  const keys = () => at.dossier.open.map((task) => outcomesOf(compiled, task).map(({ key }) => key));
  const [officer, finance] = [at.province.commune.officer, at.province.finance.officer];
  expect(keys()).toEqual([[]]);
  at.carryOut(officer, { kind: 'accept' });
  expect(keys()).toEqual([['dat', 'khong-dat']]);
  expect(at.refusal(officer, { ...completing('khac'), taskNumber: 2 }).reason).toBe('OUTCOME_UNKNOWN');
  at.carryOut(officer, { ...completing('dat'), taskNumber: 2 });
  expect(keys()).toEqual([['answered']]);
  at.carryOut(finance, { ...completing('answered'), taskNumber: 3 });
  while (at.dossier.open[0]?.blockKey === 'len-tinh') {
    expect(keys()).toEqual([['received']]);
    at.complete('len-tinh', 'received');
  }
  expect(at.task('con').number).toBeGreaterThan(3);
  expect(keys()).toEqual([[]]);
});
