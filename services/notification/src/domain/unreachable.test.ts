import { expect, test } from 'vitest';
import { isUnreachable } from './unreachable.ts';

test.each([
  ['550 5.1.1 <a@example.vn>: user unknown', true],
  ['5.1.1 smtp; 550 No such user', true],
  ['550 5.2.1 mailbox disabled', true],
  ['5.1.10 null MX', true],
  ['550 no such user here', true],
  ['5.0.0 smtp; 553 sorry, no mailbox here by that name', true],
  ['552 5.2.2 mailbox full', false],
  ['550 5.7.1 message refused by policy', false],
  ['554 5.7.1 listed as spam', false],
  ['4.4.7 delivery time expired', false],
  ['552 message too large', false],
  ['450 4.1.1 try again', false],
])('%s: %s', (words, is) => expect(isUnreachable(words)).toBe(is));
