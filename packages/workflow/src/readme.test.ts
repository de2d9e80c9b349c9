import { readFileSync } from 'node:fs';
import { Tier } from '@lienthong/contracts/directory';
import { Definition } from '@lienthong/contracts/registry';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { begin, complete } from './advance.ts';
import { compiledOf } from './arbitrary.ts';
import { checkDefinition } from './check/check.ts';
import { parseData } from './data/data.ts';
import { LIMITS } from './limits.ts';
import { longest } from './paths.ts';
import { facts, definition as procedure, step } from './testing.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const example = Definition.fromJSON(parse(/```yaml\n(.*?)```/s.exec(readme)?.[1] ?? ''));

test('the example says nothing wrong; only the rest of the record is left out', () => {
  const sub = procedure(step('a'), {
    code: '1.009896',
    tiers: [Tier.PROVINCE],
    timeLimit: { amount: { $case: 'days', value: 5 } },
  });
  const known = {
    procedures: (code: string) => (code === sub.code ? sub : undefined),
    functions: new Set(['land']),
  };
  const reasons = checkDefinition(example, known).map(({ reason, place }) => `${reason} ${place}`);
  expect(reasons).toEqual([
    'NAME_MISSING name',
    'WAYS_MISSING ways',
    'PERFORMER_MISSING executing_agency',
    'PERFORMER_MISSING deciding_agency',
    'LEGAL_BASIS_MISSING legal_basis',
  ]);
  const minutesOfProcedure = () => 5 * 480;
  // Since 1 July 2025 no commune has a district above it.
  const hasTierAbove = (_: Tier, above: Tier) => above !== Tier.DISTRICT;
  expect(longest(compiledOf(example), { minutesOfProcedure, hasTierAbove })).toEqual({
    minutes: 13 * 480,
    path: ['tiep-nhan', 'chuyen-len', 'tham-dinh', 'tham-tra', 'ky', 'tra-ket-qua'],
  });
});

test("the example's data is kept as it is written", () => {
  const data = JSON.parse(/```json\n(.*?)```/s.exec(readme)?.[1] ?? '');
  expect(Object.keys(data).length).toBeGreaterThan(5);
  expect(parseData(example.data, data)).toEqual({ ok: true, value: data });
});

test('the example runs', () => {
  const workflow = compiledOf(example);
  const dossier = facts({ area_m2: '620' });
  let progress = begin(workflow, dossier);
  const seen: string[] = [];
  while (progress.ok && progress.value.end === undefined) {
    const { position } = progress.value;
    const [next] = position.open;
    seen.push(next?.key ?? '');
    const chosen = next?.key === 'tham-dinh' ? 'dat' : '';
    progress = complete(workflow, position, next?.id ?? 0, chosen, dossier);
  }
  expect(progress).toMatchObject({ ok: true, value: { end: 'finished' } });
  expect(seen).toEqual([
    'tiep-nhan',
    'chuyen-len',
    'tham-dinh',
    'lay-y-kien',
    'tham-tra',
    'ky',
    'tra-ket-qua',
  ]);
});

test('every reason the code can give is in the README', () => {
  const files = ['build', 'build-leaf', 'keys', 'advance', 'compile', 'check/check', 'check/performers'];
  files.push(
    'check/data',
    'check/reach',
    'data/choices',
    'data/identity',
    'data/number-text',
    'data/read',
    'data/value',
    'check/record',
    'check/results',
    'check/sub-procedures',
    'check/times',
    'check/lodging',
    'lodging/cases',
    'check/fees',
    'fees/compute',
    'condition/condition',
  );
  for (const file of files) {
    const source = readFileSync(new URL(`./${file}.ts`, import.meta.url), 'utf8');
    for (const [, reason] of source.matchAll(/'([A-Z]+(?:_[A-Z]+)+)'/g)) {
      expect(readme, `${reason} of ${file}.ts`).toContain(reason);
    }
  }
  expect(readme).toContain(`${LIMITS.blocks} blocks, ${LIMITS.depth} levels`);
});
