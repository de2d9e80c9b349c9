import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { characters, searchKey, searchWords, wordQuery } from '../src/index.ts';

describe('a search key', () => {
  test.each([
    ['Hòa', 'hoa'],
    ['Hoà', 'hoa'],
    ['hoa', 'hoa'],
    ['HOÀ', 'hoa'],
    ['Đường Đặng Đình Đức', 'duong dang dinh duc'],
    ['đ', 'd'],
    ['Ủy ban nhân dân xã Phú Thịnh', 'uy ban nhan dan xa phu thinh'],
    ['Trà Ôn – Vũng Liêm', 'tra on vung liem'],
    ['ưỡn ẹo ngoằn ngoèo quýt quỳnh', 'uon eo ngoan ngoeo quyt quynh'],
    ["Huyện Đắk R'lấp", 'huyen dak r lap'],
    ['R’LẤP', 'r lap'],
    ['Rʼlấp', 'r lap'],
    ["Ea H'leo", 'ea h leo'],
    ['Y Ƀhăm', 'y bham'],
    ['ƁHĂM ƀhăm', 'bham bham'],
    ['Ŏ ĕ Ĭ ŭ Ñ č ǰ Ɗ ɗ Ơ ư', 'o e i u n c j d d o u'],
    ['7816/VPCP-TTĐT', '7816 vpcp ttdt'],
    ['  Xã\t\u00a0“An  Bình” ', 'xa an binh'],
    ['\u0000%_\\', ''],
    ['', ''],
  ])('of %j is %j in either Unicode form', (text, key) => {
    expect(searchKey(text.normalize('NFC'))).toBe(key);
    expect(searchKey(text.normalize('NFD'))).toBe(key);
  });

  test('is the same for every Unicode form and letter case of a Vietnamese text', () => {
    const letters = [...'aăâbcdđeêghiklmnoôơpqrstuưvxyfwjz'];
    const tones = ['', '\u0300', '\u0301', '\u0303', '\u0309', '\u0323'];
    const syllable = fc
      .array(fc.tuple(fc.constantFrom(...letters), fc.constantFrom(...tones)), { minLength: 1 })
      .map((pairs) => pairs.map(([letter, tone]) => letter + tone).join(''));
    fc.assert(
      fc.property(fc.array(syllable), (words) => {
        const text = words.join(' ');
        const key = searchKey(text);
        expect(key).toMatch(/^([a-z]+( [a-z]+)*)?$/);
        for (const form of ['NFC', 'NFD', 'NFKC', 'NFKD']) {
          expect(searchKey(text.normalize(form))).toBe(key);
          expect(searchKey(text.toUpperCase().normalize(form))).toBe(key);
        }
      }),
    );
  });

  test('of a key is the key itself, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const key = searchKey(text);
        expect(searchKey(key)).toBe(key);
        expect(key).toBe(key.trim());
      }),
      { numRuns: 2_000 },
    );
  });
});

test('words of an index hold a presyllable alone and joined with its word', () => {
  expect(searchWords("xã R'lấp").split(' ')).toEqual(['xa', 'r', 'lap', 'rlap']);
  expect(searchWords("thôn B R'lấp").split(' ')).toEqual(['thon', 'b', 'r', 'lap', 'brlap', 'br', 'rlap']);
  expect(searchWords('Y Ƀhăm')).toBe('y bham');
  expect(searchWords('khu A 7')).toBe('khu a 7');
  expect(searchWords('')).toBe('');
});

test('a text is found as it is, without marks, and with or without its apostrophes', () => {
  const name = fc.stringMatching(
    /^[A-Zđa-zăâêôơưƀčñŏ]{1,6}('[a-zăơ]{1,6})?( [a-zđă]{1,6}('[a-z]{1,6})?){0,3}$/,
  );
  fc.assert(
    fc.property(name, (text) => {
      const words = searchWords(text).split(' ');
      const isFound = (query: string) =>
        (wordQuery(query) ?? '')
          .split(' & ')
          .every((part) => words.some((word) => word.startsWith(part.slice(1, -3))));
      expect(isFound(text)).toBe(true);
      expect(isFound(text.toUpperCase().normalize('NFD'))).toBe(true);
      expect(isFound(text.replaceAll("'", ' '))).toBe(true);
      expect(isFound(text.replace(/(?<![^ ])([b-df-hj-np-tv-xzB-DF-HJ-NP-TV-XZ])'/g, '$1'))).toBe(true);
    }),
  );
});

test('characters are counted as readers see code points, in the composed form', () => {
  expect(characters('Hoà')).toBe(3);
  expect(characters('Hoà'.normalize('NFD'))).toBe(3);
  expect(characters('👩‍🌾')).toBe(3);
  expect(characters('')).toBe(0);
});

test('search words have no marks and no operators of the query language', () => {
  expect(wordQuery('Hoà  Bình & !x')).toBe("'hoa':* & 'binh':* & 'x':*");
  expect(wordQuery("' | :*")).toBeUndefined();
});
