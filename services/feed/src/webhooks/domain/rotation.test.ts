import { expect, test } from 'vitest';
import { ROTATION_MS, signingAt } from './rotation.ts';

test('for a day after a rotation both secrets sign, then only the new one', () => {
  const rotatedAt = new Date('2026-01-15T01:00:00Z');
  const secrets = {
    current: 'new',
    previous: 'old',
    previousUntil: new Date(rotatedAt.getTime() + ROTATION_MS),
  };
  const after = (ms: number) => signingAt(secrets, new Date(rotatedAt.getTime() + ms));
  expect(after(0)).toEqual(['new', 'old']);
  expect(after(ROTATION_MS - 1)).toEqual(['new', 'old']);
  expect(after(ROTATION_MS)).toEqual(['new']);
  expect(signingAt({ current: 'only', previous: null, previousUntil: null }, rotatedAt)).toEqual(['only']);
});
