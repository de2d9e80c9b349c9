import { expect, it } from 'vitest';
import { compareReading } from './readers.ts';
import { openVerdict } from './verdict.ts';

const FEED = ['a', 'b', 'c', 'd'];

it.each<[string, string[], string[]]>([
  ['everything once', ['a', 'b', 'c', 'd'], []],
  ['less', ['a', 'c', 'd'], ['lost: a reader has not got b']],
  ['an event twice', ['a', 'b', 'a', 'c', 'd'], ['doubled: a reader has got a twice']],
  ['another order', ['a', 'c', 'b', 'd'], ['disordered: a reader has got b after a later event']],
  ['another feed’s', ['a', 'b', 'x', 'c', 'd'], ['doubled: a reader has got x, which is not in its feed']],
])('judges a reader who has got %s', (_, read, differences) => {
  const { verdict, note } = openVerdict();
  compareReading('a reader', FEED, read, note);
  expect(verdict.differences).toEqual(differences);
});
