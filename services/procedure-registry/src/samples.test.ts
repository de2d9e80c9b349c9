import { Tier } from '@lienthong/contracts/directory';
import { type Block, Join, ServiceLevel } from '@lienthong/contracts/registry';
import { blocksIn, checkDefinition, parseData } from '@lienthong/workflow';
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

test.each([
  ['1.001193', ServiceLevel.PARTIAL],
  ['2.000635', ServiceLevel.FULL],
  ['1.001612', ServiceLevel.FULL],
  ['1.004873', ServiceLevel.PARTIAL],
  ['2.000488', ServiceLevel.PARTIAL],
])('%s states how far it can be done online, and why not further', (code, level) => {
  const { serviceLevel, serviceLevelReason } = byCode.get(code) ?? {};
  expect(serviceLevel).toBe(level);
  expect(serviceLevelReason !== '').toBe(level === ServiceLevel.PARTIAL);
});

test.each<[string, Record<string, string>, string[]]>([
  ['1.001612', { capital_vnd: '50000000', 'members[0].full_name': 'Lê Văn Mẫu' }, []],
  ['1.001612', { capital_vnd: '0', 'head_office.street': '3' }, ['capital_vnd', 'head_office.street']],
  ['2.000635', { event_kind: 'khai-sinh', copies: '1' }, []],
  ['2.000635', { event_kind: 'khai sinh', copies: '0' }, ['event_kind', 'copies']],
  ['2.000488', { form_number: '2', copies: '3' }, []],
  ['2.000488', { form_number: '3', copies: '0' }, ['form_number', 'copies']],
  ['1.001193', { 'mother.identity.kind': 'passport', 'mother.identity.number': 'C1234567' }, []],
  [
    '1.001193',
    { 'mother.identity.kind': 'personal_number', 'mother.identity.number': '1' },
    ['mother.identity.number'],
  ],
])('the data of %s has the types of its form: %o', (code, data, wrong) => {
  const parsed = parseData(byCode.get(code)?.data ?? [], data, { partial: true });
  const violations = parsed.ok ? [] : parsed.refusal.violations;
  expect(violations?.map(({ field }) => field)).toEqual(wrong.map((path) => `data.${path}`));
});
