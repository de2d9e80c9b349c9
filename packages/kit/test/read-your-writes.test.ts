import { refusalOf } from '@lienthong/testkit';
import { Metadata } from 'nice-grpc';
import { expect, test } from 'vitest';
import { type ErrorKind, type Refusal, refuse } from '../src/index.ts';
import { serve } from './support/server.ts';

const unknown: Refusal = { kind: 'not-found', reason: 'DOCUMENT_UNKNOWN', message: 'there is none' };

/** A server that refuses its first calls, and what it was asked to catch up with. */
async function start({ refusals, catchesUp = true }: { refusals: Refusal[]; catchesUp?: boolean }) {
  const waited: Record<string, number>[] = [];
  let calls = 0;
  const { client } = await serve({
    getDocument: () => {
      const refusal = refusals[calls];
      calls += 1;
      return refusal ? refuse(refusal) : {};
    },
    catchUp: async (after) => {
      waited.push(Object.fromEntries(after));
      return catchesUp;
    },
  });
  return {
    waited,
    calls: () => calls,
    get: (after?: string) =>
      client.routing.getDocument(
        { documentId: '018f0000-0000-7000-8000-000000000001' },
        {
          metadata: after === undefined ? undefined : Metadata({ 'lienthong-after': after }),
          timeoutMs: 700,
        },
      ),
  };
}

test('a refusal stands only when the service has applied what the caller wrote', async () => {
  const { get, waited, calls } = await start({ refusals: [unknown] });
  await get('directory=1234, registry=7');
  expect(waited).toEqual([{ directory: 1234, registry: 7 }]);
  expect(calls()).toBe(2);
});

test('a certificate that the caller has just registered is not unknown', async () => {
  const { get, waited } = await start({
    refusals: [{ kind: 'unauthenticated', reason: 'CERTIFICATE_UNKNOWN', message: 'register it' }],
  });
  await get('directory=7');
  expect(waited).toEqual([{ directory: 7 }]);
});

test('a second refusal stands', async () => {
  const { get, calls } = await start({ refusals: [unknown, unknown] });
  expect(await refusalOf(get('directory=1'))).toMatchObject({ reason: 'DOCUMENT_UNKNOWN' });
  expect(calls()).toBe(2);
});

test('a caller that says nothing is refused at once', async () => {
  const { get, waited } = await start({ refusals: [unknown] });
  expect(await refusalOf(get())).toMatchObject({ reason: 'DOCUMENT_UNKNOWN' });
  expect(waited).toEqual([]);
});

test('a call that succeeds waits for nothing', async () => {
  const { get, waited } = await start({ refusals: [] });
  await get('directory=1234');
  expect(waited).toEqual([]);
});

test.each<ErrorKind>(['already-exists', 'resource-exhausted'])(
  'what knowledge does not change (%s) is not tried again',
  async (kind) => {
    const { get, waited } = await start({ refusals: [{ ...unknown, kind }] });
    expect(await refusalOf(get('directory=1'))).toMatchObject({ reason: 'DOCUMENT_UNKNOWN' });
    expect(waited).toEqual([]);
  },
);

test('a service that stays behind says so in place of the refusal', async () => {
  const { get } = await start({ refusals: [unknown], catchesUp: false });
  expect(await refusalOf(get('directory=1'))).toMatchObject({ code: 'UNAVAILABLE', reason: 'NOT_CAUGHT_UP' });
});

test.each([
  '',
  'directory',
  'directory=',
  'directory=-1',
  'directory=1;registry=2',
  `a=${'9'.repeat(16)}`,
  'x=1,'.repeat(20),
])('"%s" is not a list of positions', async (after) => {
  const { get, calls } = await start({ refusals: [] });
  expect(await refusalOf(get(after))).toMatchObject({ code: 'INVALID_ARGUMENT', reason: 'AFTER_INVALID' });
  expect(calls()).toBe(0);
});
