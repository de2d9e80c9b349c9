import { expect, test } from 'vitest';
import { afterBatch, type Circuit, CLOSED, claimable } from './circuit.ts';

const MOST = 100;
const start = new Date('2026-01-15T01:00:00Z');
const later = (ms: number) => new Date(start.getTime() + ms);
const down = (circuit: Circuit, at: Date) =>
  afterBatch(circuit, { answered: 0, unavailable: 1 }, at, MOST, 0.5);
const up = (circuit: Circuit, at: Date, answered = 1) =>
  afterBatch(circuit, { answered, unavailable: 0 }, at, MOST, 0.5);

test('a provider that answers gets whole batches', () => {
  expect(claimable(CLOSED, start, MOST, 1000)).toEqual({ count: MOST, circuit: CLOSED });
  expect(up(CLOSED, start, MOST)).toEqual(CLOSED);
});

test('an unavailable provider gets no message for twice as long each time, at most ten minutes', () => {
  let circuit = CLOSED;
  let at = start;
  const pauses: number[] = [];
  for (let n = 0; n < 10; n += 1) {
    circuit = down(circuit, at);
    const until = circuit.openUntil as Date;
    expect(claimable(circuit, new Date(until.getTime() - 1), MOST, 1000).count).toBe(0);
    pauses.push((until.getTime() - at.getTime()) / 1000);
    at = until;
  }
  expect(pauses).toEqual([5, 10, 20, 40, 80, 160, 320, 600, 600, 600]);
});

test('then one message probes the provider, and no other is claimed meanwhile', () => {
  const open = down(CLOSED, start);
  const probe = claimable(open, later(5000), MOST, 1000);
  expect(probe.count).toBe(1);
  expect(claimable(probe.circuit, later(5500), MOST, 1000).count).toBe(0);
  // The sender that probed has died.
  expect(claimable(probe.circuit, later(6000), MOST, 1000).count).toBe(1);
});

test('a provider that recovers gets batches that double', () => {
  let circuit = down(CLOSED, start);
  const counts: number[] = [];
  for (let n = 0; n < 9; n += 1) {
    const { count, circuit: claimed } = claimable(circuit, later(5000 + n), MOST, 1000);
    counts.push(count);
    circuit = up(claimed, later(5000 + n), count);
  }
  expect(counts).toEqual([1, 2, 4, 8, 16, 32, 64, 100, 100]);
  expect(circuit).toEqual(CLOSED);
});

test('batches of the same outage count once; a later success of one of them does not close the circuit', () => {
  const open = down(CLOSED, start);
  expect(down(open, later(100))).toEqual(open);
  expect(up(open, later(100))).toEqual(open);
});

test('a batch with some answers begins with the shortest pause again', () => {
  const before = { ...CLOSED, failures: 6, openUntil: start };
  const after = afterBatch(before, { answered: 3, unavailable: 1 }, start, MOST, 0.5);
  expect(after).toMatchObject({ failures: 1, openUntil: later(5000) });
});
