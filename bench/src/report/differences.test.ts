import { expect, test } from 'vitest';
import { differenceLine, differences } from './differences.ts';
import type { Report } from './figures.ts';

const machine = { cpu: 'x', cores: 2, memoryGiB: 8, platform: 'linux x64', node: 'v24' };
const report = (...values: number[]): Report => ({
  machine,
  scenarios: values.map((value, n) => ({ name: `figure_${n}`, value, unit: 'ms' })),
});

test('a figure stands beside the median and the spread of earlier reports', () => {
  const [one] = differences(
    [{ name: 'figure_0', value: 8, unit: 'ms' }],
    [report(12), report(9), report(10)],
  );
  expect(one).toEqual({
    name: 'figure_0',
    unit: 'ms',
    now: 8,
    median: 10,
    lowest: 9,
    highest: 12,
    change: -0.2,
    isOutside: true,
  });
  expect(differenceLine(one as never)).toMatch(
    /^figure_0 +8\.0 was 10\.0 \(9\.0 to 12\.0\) +ms +-20 % outside$/,
  );
});

test('of two reports the median is their mean, and what lies between them is not outside', () => {
  const [one] = differences([{ name: 'figure_0', value: 11, unit: 'ms' }], [report(10), report(14)]);
  expect(one).toMatchObject({ median: 12, isOutside: false });
});

test('a new figure is left out, and nothing is divided by zero', () => {
  const found = differences(
    [
      { name: 'figure_0', value: 1, unit: 'ms' },
      { name: 'figure_new', value: 1, unit: 'ms' },
    ],
    [report(0)],
  );
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ median: 0, change: undefined, isOutside: true });
});
