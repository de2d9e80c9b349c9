import { expect, test } from 'vitest';
import { type Problem, refusalOfParts, toRefusal } from './problem.ts';

const problem = (field: string, more: Partial<Problem> = {}): Problem => ({
  kind: 'not-found',
  reason: 'UNKNOWN_AGENCY',
  field,
  description: 'there is none',
  ...more,
});

test('problems that agree give their kind and reason', () => {
  expect(toRefusal([problem('a'), problem('b')])).toMatchObject({
    kind: 'not-found',
    reason: 'UNKNOWN_AGENCY',
    message: 'a: there is none; b: there is none',
  });
});

test('a mixture is a wrong request when any part of it is, else a precondition', () => {
  const taken = problem('b', { kind: 'already-exists', reason: 'CODE_TAKEN' });
  const malformed = problem('c', { kind: 'invalid-argument', reason: 'DATE_INVALID' });
  expect(toRefusal([problem('a'), taken])).toMatchObject({
    kind: 'failed-precondition',
    reason: 'SEVERAL_PROBLEMS',
  });
  expect(toRefusal([problem('a'), malformed]).kind).toBe('invalid-argument');
});

test('of very many, 100 are listed in full and all are counted', () => {
  const faults = Array.from({ length: 300 }, (_, i) => ({
    index: Math.floor(i / 2),
    problem: problem(`lines[${i}]`),
  }));
  const { violations, metadata, message } = refusalOfParts(faults);
  expect(violations).toHaveLength(100);
  expect(metadata?.problems).toBe('300');
  expect(metadata?.places).toBe(Array.from({ length: 100 }, (_, i) => i).join(','));
  expect(message).toContain('and 297 more');
});
