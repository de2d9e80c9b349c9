import { Tier } from '@lienthong/contracts/directory';
import { type Block, Join } from '@lienthong/contracts/registry';
import { blocksIn, checkDefinition } from '@lienthong/workflow';
import { describe, expect, test } from 'vitest';
import { sampleProcedures } from './samples.ts';

const samples = sampleProcedures();
const byCode = new Map(samples.map((one) => [one.code, one]));
const blocksOf = (block: Block | undefined): Block[] =>
  block ? [block, ...blocksIn(block).flatMap(blocksOf)] : [];
const all = samples.flatMap((one) => blocksOf(one.workflow?.root));

describe.each(samples.map((one) => [one.name, one] as const))('%s', (_, sample) => {
  test.each([
    ['with districts between communes and the province', true],
    ['without districts', false],
  ])('is sound %s', (_, districts) => {
    const problems = checkDefinition(sample, {
      procedures: (code) => byCode.get(code),
      hasTierAbove: (intake, above) => above !== Tier.DISTRICT || (districts && intake === Tier.COMMUNE),
    });
    expect(problems).toEqual([]);
  });

  test('is marked as a sample, and complete', () => {
    expect(sample.sample).toBe(true);
    for (const list of [sample.sequence, sample.ways, sample.papers, sample.applicants, sample.keywords])
      expect(list.length).toBeGreaterThan(0);
    expect(sample.field).not.toBe('');
    expect(sample.name).toBe(sample.name.normalize('NFC'));
  });
});

test('there are at least ten, each code once, and between them every shape of a workflow', () => {
  expect(byCode.size).toBe(samples.length);
  expect(samples.length).toBeGreaterThanOrEqual(10);
  expect(new Set(all.map((block) => block.block?.$case))).toEqual(
    new Set(['step', 'sequence', 'parallel', 'consultation', 'choice', 'handOver', 'subProcedure']),
  );
  const joins = all.flatMap(({ block }) => (block?.$case === 'parallel' ? [block.value.join] : []));
  expect(new Set(joins)).toEqual(new Set([Join.ALL, Join.LEAD, Join.FIRST]));
  const relations = new Set(JSON.stringify(all).match(/"(intake|ancestor|function)"/g));
  expect(relations.size).toBe(3);
  expect(all.some(({ block }) => block?.$case === 'step' && block.value.returns.length > 0)).toBe(true);
});

test('each comes after its sub-procedures', () => {
  const seen = new Set<string>();
  for (const sample of samples) {
    for (const { block } of blocksOf(sample.workflow?.root))
      if (block?.$case === 'subProcedure') expect(seen).toContain(block.value.procedureCode);
    seen.add(sample.code);
  }
});
