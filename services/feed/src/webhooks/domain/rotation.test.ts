import { expect, test } from 'vitest';
import { OLD_SECRET_SIGNS_MS, signingSecretsAt } from './rotation.ts';

test('for a day after a rotation both secrets sign, then only the new one', () => {
  const rotatedAt = new Date('2026-01-15T01:00:00Z');
  const secrets = {
    current: 'new',
    previous: 'old',
    previousUntil: new Date(rotatedAt.getTime() + OLD_SECRET_SIGNS_MS),
  };
  const after = (ms: number) => signingSecretsAt(secrets, new Date(rotatedAt.getTime() + ms));
  expect(after(0)).toEqual(['new', 'old']);
  expect(after(OLD_SECRET_SIGNS_MS - 1)).toEqual(['new', 'old']);
  expect(after(OLD_SECRET_SIGNS_MS)).toEqual(['new']);
  expect(signingSecretsAt({ current: 'only', previous: null, previousUntil: null }, rotatedAt)).toEqual([
    'only',
  ]);
});
