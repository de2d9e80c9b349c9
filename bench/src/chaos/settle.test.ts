import { expect, it } from 'vitest';
import { type Standing, settle, whatIsBehind } from './settle.ts';

const log = { source: 'casework', halted: '', sequenced: 7n, published: 7n };
const consumer = { service: 'audit', name: 'record', source: 'casework', cursor: 7n, parked: 0n };
const BOUNDS = { stallMs: 50, wholeMs: 10_000, pollMs: 1 };

it('finds nothing behind where everything is published and applied', () => {
  expect(whatIsBehind({ logs: [log], consumers: [consumer] })).toEqual([]);
});

it.each<[string, Standing]>([
  ['the log of casework is halted: restored', { logs: [{ ...log, halted: 'restored' }], consumers: [] }],
  ['the stream of casework has 5 of 7 events', { logs: [{ ...log, published: 5n }], consumers: [] }],
  ['audit/record of casework has parked 2 events', { logs: [log], consumers: [{ ...consumer, parked: 2n }] }],
  ['audit/record of casework is at 6 of 7', { logs: [log], consumers: [{ ...consumer, cursor: 6n }] }],
  [
    'nobody shows the log of casework, which audit/record of casework reads',
    { logs: [], consumers: [consumer] },
  ],
])('names what is behind: %s', (line, standing) => {
  expect(whatIsBehind(standing)).toEqual([line]);
});

const at = (cursor: bigint): Standing => ({ logs: [log], consumers: [{ ...consumer, cursor }] });

it('waits as long as something moves', async () => {
  let cursor = 0n;
  const read = async () => at(cursor++);
  expect(await settle(read, BOUNDS)).toEqual([]);
  expect(cursor).toBe(8n);
});

it('ends with what does not move', async () => {
  expect(await settle(async () => at(3n), BOUNDS)).toEqual(['audit/record of casework is at 3 of 7']);
});

it('ends with what moves for ever', async () => {
  let head = 0n;
  const read = async () => {
    head += 1n;
    return { logs: [{ ...log, sequenced: head, published: head - 1n }], consumers: [] };
  };
  const [behind] = await settle(read, { ...BOUNDS, wholeMs: 50 });
  expect(behind).toMatch(/^the stream of casework has \d+ of \d+ events$/);
});

it('ends with the error of a platform that does not reply, or never', async () => {
  const failing = async () => Promise.reject(new Error('UNAVAILABLE'));
  expect(await settle(failing, BOUNDS)).toEqual(['no status: UNAVAILABLE']);
  const silent = () => new Promise<never>(() => {});
  expect(await settle(silent, { ...BOUNDS, readMs: 5 })).toEqual([
    'no status: the status of the platform: nothing after 0.005 s',
  ]);
});
