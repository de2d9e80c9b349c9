import { expect, test } from 'vitest';
import { textFault } from '../src/text-fault.ts';

/** CPU time of this process for a function, in microseconds: the least of several, so that a busy machine does not count. */
function cpuOf(carryOut: () => unknown): number {
  const times = Array.from({ length: 5 }, () => {
    const before = process.cpuUsage();
    carryOut();
    const { user, system } = process.cpuUsage(before);
    return user + system;
  });
  return Math.min(...times);
}

const MIB = 1024 * 1024;
const repeat = (unit: string, bytes: number) => unit.repeat(Math.floor(bytes / Buffer.byteLength(unit)));
/** The most marks in a row that are allowed, again and again, in two orders that normalising must sort. */
const worst = {
  'one mark': `a${'\u0301'.repeat(30)}`,
  'two marks by turns': `a${'\u0301\u0323'.repeat(15)}`,
  'marks outside the basic plane': `a${'\u{1e000}'.repeat(30)}`,
};

// An ordinary text of the same size is the measure, so that no number of a machine stands here.
test.each(Object.entries(worst))(
  'the largest text with %s is checked as fast as an ordinary one',
  (_, unit) => {
    const ordinary = repeat('Nguyễn Thị Hồng Đào '.normalize('NFD'), 2 * MIB);
    const text = repeat(unit, 2 * MIB);
    expect(textFault(text)).toBeUndefined();
    const measure = Math.max(
      1_000,
      cpuOf(() => textFault(ordinary)),
    );
    expect(cpuOf(() => textFault(text))).toBeLessThan(4 * measure);
  },
);

test.each(Object.entries(worst))('twice the text with %s takes about twice the time', (_, unit) => {
  const one = Math.max(
    1_000,
    cpuOf(() => textFault(repeat(unit, MIB))),
  );
  expect(cpuOf(() => textFault(repeat(unit, 4 * MIB)))).toBeLessThan(12 * one);
});

test('a 31st mark is found wherever it stands', () => {
  const run = '\u0301'.repeat(31);
  for (const text of [
    run,
    `a${run}`,
    `a${'\u0301'.repeat(30)}b${run}c`,
    `${'x'.repeat(100)}${'\u0323'.repeat(99)}`,
  ])
    expect(textFault(text)).toContain('30 combining marks');
  for (const text of [run.slice(1), `${run.slice(1)}a${run.slice(1)}`])
    expect(textFault(`a${text}`)).toBeUndefined();
});
