import type { Figure, Report } from './figures.ts';

export interface Difference {
  name: string;
  unit: string;
  now: number;
  /** Of the earlier reports; the middle of an even number is the mean of the two in the middle. */
  median: number;
  lowest: number;
  highest: number;
  /** (now - median) / median; undefined where the median is 0. */
  change: number | undefined;
  /** Whether `now` lies outside of what the earlier reports have shown. */
  isOutside: boolean;
}

/** What a run shows beside earlier ones of the same machine. A figure that no earlier report has is left out. */
export function differences(figures: readonly Figure[], earlier: readonly Report[]): Difference[] {
  return figures.flatMap(({ name, unit, value: now }) => {
    const before = earlier
      .flatMap(({ scenarios }) => scenarios.filter((one) => one.name === name).map(({ value }) => value))
      .sort((a, b) => a - b);
    const [lowest, highest] = [before[0], before.at(-1)];
    if (lowest === undefined || highest === undefined) return [];
    const median =
      ((before[(before.length - 1) >> 1] as number) + (before[before.length >> 1] as number)) / 2;
    const change = median === 0 ? undefined : (now - median) / median;
    return [{ name, unit, now, median, lowest, highest, change, isOutside: now < lowest || now > highest }];
  });
}

/** One line: the figure now, the median of the earlier ones with their spread, and the change. */
export function differenceLine({
  name,
  unit,
  now,
  median,
  lowest,
  highest,
  change,
  isOutside,
}: Difference): string {
  const text = (value: number) => value.toFixed(Math.abs(value) < 100 ? 1 : 0);
  const percent = change === undefined ? '' : `${change < 0 ? '' : '+'}${(change * 100).toFixed(0)} %`;
  const was = `${text(median)} (${text(lowest)} to ${text(highest)})`;
  return `${name.padEnd(32)}${text(now).padStart(9)} was ${was.padEnd(28)}${unit.padEnd(5)}${percent.padStart(8)}${isOutside ? ' outside' : ''}`;
}
