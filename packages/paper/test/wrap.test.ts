import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Line, wrap } from '../src/pdf/wrap.ts';

/** Every letter is one wide. */
const measure = (text: string) => [...text].length;
const regular = (text: string) => [{ text, face: 'regular' as const }];
const textsOf = (lines: Line[]) => lines.map(({ pieces }) => pieces.map(({ text }) => text).join(''));

describe('lines', () => {
  test('break between words', () => {
    expect(textsOf(wrap(regular('một hai ba bốn'), 7, measure))).toEqual(['một hai ', 'ba bốn']);
  });
  test('end at line ends of the text, also empty ones', () => {
    expect(textsOf(wrap(regular('một\n\nhai'), 7, measure))).toEqual(['một', '', 'hai']);
  });
  test('break a word only when it alone is too wide, and no letter from its marks', () => {
    expect(textsOf(wrap(regular('ab cdefghij'), 4, measure))).toEqual(['ab ', 'cdef', 'ghij']);
    const marked = 'e\u0302\u0330'.repeat(3);
    expect(textsOf(wrap(regular(marked), 4, measure))).toEqual(Array(3).fill('e\u0302\u0330'));
  });
  test('keep the faces of their pieces', () => {
    const runs = [...regular('Số: '), { text: 'một hai', face: 'bold' as const }];
    expect(
      wrap(runs, 8, measure).map(({ pieces }) => pieces.map(({ face, text }) => `${face} ${text}`)),
    ).toEqual([['regular Số: ', 'bold một '], ['bold hai']]);
  });
});

test('any text keeps its characters, and no line is too wide', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'ễ', ' ', '\n', 'W') });
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 9 }), (given, width) => {
      const lines = wrap(regular(given), width, measure);
      expect(textsOf(lines).join('').replaceAll(' ', '')).toBe(given.replaceAll(/[ \n]/g, ''));
      for (const line of textsOf(lines)) expect(measure(line.trimEnd())).toBeLessThanOrEqual(width);
    }),
  );
});
