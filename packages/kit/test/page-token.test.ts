import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodePageToken, encodePageToken, RefusalError } from '../src/index.ts';

const filter = { text: 'hoa', from: 12n, statuses: [1, 2] };

describe('a page token', () => {
  test('gives back its cursor for the same list and filter', () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), fc.jsonValue(), (kind, cursor, filter) => {
        const token = encodePageToken(kind, cursor, filter);
        expect(token).toMatch(/^[\w-]+$/);
        expect(decodePageToken(kind, token, filter)).toEqual(JSON.parse(JSON.stringify(cursor)));
      }),
    );
    expect(decodePageToken('inbox', encodePageToken('inbox', ['c'], filter), { ...filter })).toEqual(['c']);
  });

  test('that is empty is the first page', () => {
    expect(decodePageToken('inbox', '', filter)).toBeUndefined();
  });

  const token = encodePageToken('inbox', ['2017-03-06', 'id'], filter);
  const json = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  test.each([
    ['of another list', 'outbox', token, filter],
    ['with another filter', 'inbox', token, { ...filter, text: 'hoà' }],
    ['with a wider filter', 'inbox', token, {}],
    ['that was cut', 'inbox', token.slice(0, -3), filter],
    ['that is no base64', 'inbox', '%%%', filter],
    ['that is no JSON', 'inbox', Buffer.from('{').toString('base64url'), filter],
    ['that holds null', 'inbox', json(null), filter],
    ['that holds a number', 'inbox', json(3), filter],
    ['that holds another check', 'inbox', json(['', ['2017-03-06', 'id']]), filter],
  ])('%s is refused with its field', (_, kind, token, filter) => {
    let caught: unknown;
    try {
      decodePageToken(kind, token, filter);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(RefusalError);
    expect((caught as RefusalError).refusal).toMatchObject({
      kind: 'invalid-argument',
      reason: 'PAGE_TOKEN_INVALID',
      violations: [{ field: 'page_token', reason: 'PAGE_TOKEN_INVALID' }],
    });
  });
});
