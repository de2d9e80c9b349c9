import { expect, test } from 'vitest';
import { judge, type SeenChange, type SeenStream } from './observed.ts';

const change = (requestId: string, body = 'a', isLost = false): SeenChange => ({
  path: '/lienthong.routing.v1.DocumentRoutingService/IssueDocument',
  requestId,
  body,
  isLost,
});
const stream = (cursor: string, came: string[] = [], isLost = false): SeenStream => ({
  cursor,
  came,
  isLost,
});
const judged = (changes: SeenChange[], streams: SeenStream[] = [], endless: string[] = []) =>
  judge({ changes, streams, calls: 1, endless: new Set(endless) }).map(({ found, passed }) => [
    passed,
    found,
  ]);

test('a system that has not called has failed', () => {
  expect(judge({ changes: [], streams: [], calls: 0, endless: new Set() })).toMatchObject([
    { passed: false },
  ]);
});

test('a call without a deadline is named', () => {
  expect(judged([], [], ['ListInbox', 'IssueDocument'])).toEqual([
    [false, 'none on IssueDocument, ListInbox'],
  ]);
  expect(judged([])).toEqual([[true, '1 calls']]);
});

test.each([
  ['again', [change('1', 'a', true), change('2', 'b'), change('1', 'a')], true, '1 again, the same'],
  [
    'under another id',
    [change('1', 'a', true), change('2', 'a')],
    false,
    '1 IssueDocument with another request_id: done twice',
  ],
  [
    'changed',
    [change('1', 'a', true), change('1', 'b')],
    false,
    '1 IssueDocument changed under the same request_id',
  ],
  [
    'never',
    [change('1', 'a', true), change('2', 'b')],
    false,
    '1 IssueDocument not again: whether it was done is not known',
  ],
  [
    'one way and the other',
    [change('1', 'a', true), change('1'), change('3', 'c', true), change('3', 'c'), change('2', 'b', true)],
    false,
    '2 again, the same; 1 IssueDocument not again: whether it was done is not known',
  ],
])('a change whose reply was lost comes %s', (_, changes, passed, found) => {
  expect(judged(changes as SeenChange[])[1]).toEqual([passed, found]);
});

test.each([
  ['from the last cursor', [stream('', ['1', '2'], true), stream('2')], true],
  [
    'from an earlier one: what came after it was not done yet',
    [stream('', ['1', '2'], true), stream('1')],
    true,
  ],
  ['from where it began', [stream('7', ['8'], true), stream('7')], true],
  [
    'beside those of another agency',
    [stream('', ['1'], true), stream('', ['5'], true), stream('1'), stream('5')],
    true,
  ],
  ['from nowhere', [stream('7', ['8'], true), stream('')], false],
  ['from a cursor of its own', [stream('7', ['8'], true), stream('9')], false],
  ['never', [stream('7', ['8'], true)], false],
])('events go on %s', (_, streams, passed) => {
  expect(judged([], streams as SeenStream[])[1]?.[0]).toBe(passed);
});
