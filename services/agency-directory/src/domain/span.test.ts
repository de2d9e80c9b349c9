import { describe, expect, test } from 'vitest';
import { covers, cut, dayBefore, earliest, intersection, overlap, supersede } from './span.ts';

const span = (validFrom: string, validTo: string) => ({ validFrom, validTo });

describe('spans of calendar dates', () => {
  test('that only touch do not overlap', () => {
    expect(overlap(span('', '2025-03-01'), span('2025-03-01', ''))).toBe(false);
    expect(overlap(span('', '2025-03-02'), span('2025-03-01', ''))).toBe(true);
    expect(intersection(span('', '2025-03-02'), span('2025-03-01', ''))).toEqual(
      span('2025-03-01', '2025-03-02'),
    );
    expect(intersection(span('', '2025-03-01'), span('2025-03-01', ''))).toBeUndefined();
  });

  test('cover one another when neither end sticks out', () => {
    expect(covers(span('', ''), span('2025-03-01', ''))).toBe(true);
    expect(covers(span('', '2025-03-01'), span('', '2025-03-01'))).toBe(true);
    expect(covers(span('', '2025-03-01'), span('', ''))).toBe(false);
    expect(covers(span('2025-03-01', ''), span('', ''))).toBe(false);
  });

  test('an empty end is the end of time', () => {
    expect(earliest('', '2025-03-01', '2024-01-01')).toBe('2024-01-01');
    expect(earliest('', '')).toBe('');
  });

  test('the day before crosses months and leap days; no beginning has none', () => {
    expect([dayBefore('2024-03-01'), dayBefore('2025-01-01'), dayBefore('')]).toEqual([
      '2024-02-29',
      '2024-12-31',
      '',
    ]);
  });
});

describe('cut', () => {
  test('ends what is in force and drops what was planned', () => {
    const facts = [span('', '2020-01-01'), span('2020-01-01', '2026-01-01'), span('2026-01-01', '')];
    expect(cut(facts, '2025-07-01')).toEqual([span('', '2020-01-01'), span('2020-01-01', '2025-07-01')]);
  });
});

describe('supersede', () => {
  test('lasts until the next fact begins', () => {
    const facts = [span('', '2026-01-01'), span('2026-01-01', '')];
    expect(supersede(facts, span('2025-07-01', ''))).toEqual([
      span('', '2025-07-01'),
      span('2025-07-01', '2026-01-01'),
      span('2026-01-01', ''),
    ]);
  });

  test('fills a gap no further than it reaches', () => {
    const facts = [span('', '2020-01-01'), span('2026-01-01', '')];
    expect(supersede(facts, span('2025-07-01', ''))[1]).toEqual(span('2025-07-01', '2026-01-01'));
  });

  test('leaves facts of another series alone', () => {
    const other = { ...span('', ''), series: 'other' };
    const next = { ...span('2025-07-01', ''), series: 'this' };
    expect(supersede([other], next, (fact) => fact.series === 'this')).toEqual([other, next]);
  });
});
