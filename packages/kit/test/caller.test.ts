import { expect, test } from 'vitest';
import { callerOf, type Principal, RefusalError } from '../src/index.ts';

const info = (agencyId: string) => ({
  principal: { agencyId, officerId: '', roles: [] } satisfies Principal,
});

test('a caller is the agency of its token', () => {
  const id = '018f0000-0000-7000-8000-00000000000a';
  expect(callerOf(info(id))).toBe(id);
});

test.each(['', 'H61'])('a token of the agency "%s" is refused', (agencyId) => {
  expect(() => callerOf(info(agencyId))).toThrow(RefusalError);
  expect(() => callerOf(info(agencyId))).toThrow('this call needs a token of an agency');
});
