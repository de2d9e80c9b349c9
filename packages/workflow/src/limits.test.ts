import type { Block } from '@lienthong/contracts/registry';
import { describe, expect, test } from 'vitest';
import { checkDefinition } from './check/check.ts';
import { compile } from './compile.ts';
import { LIMITS } from './limits.ts';
import { definition, sequence, step } from './testing.ts';

const steps = (n: number) => Array.from({ length: n }, (_, i) => step(`buoc-${i}`));
const nested = (depth: number): Block => {
  let block = step('trong-cung', { produces: ['giay-phep'] });
  for (let i = 1; i < depth; i += 1) block = sequence(`vong-${i}`, block);
  return block;
};
const reasonsOf = (root: Block) => checkDefinition(definition(root)).map((problem) => problem.reason);

describe('what is too large is refused for that alone', () => {
  test.each([
    ['10,000 steps', sequence('tat-ca', ...steps(10_000)), /10000 blocks; a workflow has at most 500/],
    ['501 blocks', sequence('tat-ca', ...steps(LIMITS.blocks)), /more than 500 blocks/],
    ['21 levels', nested(LIMITS.depth + 1), /more than 20 deep at block trong-cung/],
    ['100,000 levels', nested(100_000), /more than 20 deep/],
  ])('%s', (_, root, message) => {
    // Set afterwards: the generated fromPartial recurses.
    const large = { ...definition(undefined), workflow: { root } };
    expect(checkDefinition(large)).toMatchObject([
      { reason: 'DEFINITION_TOO_LARGE', place: 'workflow.root' },
    ]);
    expect(checkDefinition(large)[0]?.message).toMatch(message);
    expect(compile(large)).toMatchObject({ ok: false, refusal: { reason: 'DEFINITION_TOO_LARGE' } });
  });

  test('long lists', () => {
    const papers = Array.from({ length: LIMITS.papers + 1 }, (_, i) => ({ key: `giay-${i}`, name: 'Giấy' }));
    const large = definition(nested(1), { papers: papers as never });
    expect(checkDefinition(large)).toMatchObject([{ reason: 'DEFINITION_TOO_LARGE', place: 'papers' }]);
  });
});

test('up to the limits a definition is checked in full', () => {
  expect(reasonsOf(nested(LIMITS.depth))).toEqual([]);
  expect(reasonsOf(sequence('tat-ca', ...steps(LIMITS.blocks - 1)))).toEqual([
    'RESULT_NOT_PRODUCED',
    'TIME_EXCEEDED',
  ]);
});
