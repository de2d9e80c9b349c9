import type { Agency } from '@lienthong/contracts/directory';
import { expect, test } from 'vitest';
import { agency, ended } from '../testing.ts';
import { agencyBook } from './book.ts';
import { currentHolder, line, standsFor, standsForAll } from './succession.ts';

// Xã Cũ ended into Xã Giữa, which ended into Xã Mới; Xã Mới has the code of Xã Cũ.
const last = agency({ id: 'last', code: 'H61.1', name: 'Xã Mới', establishedOn: '2025-07-01' });
const middle = ended(agency({ id: 'middle', code: 'H61.2', name: 'Xã Giữa' }), '2025-07-01', 'last');
const first = ended(agency({ id: 'first', code: 'H61.1', name: 'Xã Cũ' }), '2020-01-01', 'middle');
const gone = ended(agency({ id: 'gone', code: 'H61.3', name: 'Huyện' }), '2025-07-01');

function book(...agencies: Agency[]) {
  const all = agencyBook();
  for (const one of agencies) all.put(one);
  return all;
}
const register = book(last, middle, first, gone);
test('the work passes to the main successor, and on, once each has ended', () => {
  const holder = (id: string, date: string) => currentHolder(register, id, date)?.id;
  expect(holder('first', '2019-12-31')).toBe('first');
  expect(holder('first', '2020-01-01')).toBe('middle');
  expect(holder('first', '2025-07-01')).toBe('last');
  expect(holder('gone', '2025-06-30')).toBe('gone');
  expect(holder('gone', '2025-07-01')).toBeUndefined();
  expect(line(register, 'first', '2026-01-01').map((one) => one.id)).toEqual(['first', 'middle', 'last']);
});

test('successions that run in a circle end', () => {
  const circle = book(
    ended(agency({ id: 'a', code: 'A', name: 'A' }), '2020-01-01', 'b'),
    ended(agency({ id: 'b', code: 'B', name: 'B' }), '2020-01-01', 'a'),
  );
  expect(currentHolder(circle, 'a', '2026-01-01')).toBeUndefined();
  expect(standsForAll(circle, 'a', '2026-01-01')).toEqual(['a', 'b']);
});

test('a successor stands for its predecessors from their end on', () => {
  expect(standsFor(register, 'last', 'first', '2026-01-01')).toBe(true);
  expect(standsFor(register, 'last', 'first', '2025-06-30')).toBe(false);
  expect(standsFor(register, 'first', 'last', '2026-01-01')).toBe(false);
  expect(standsForAll(register, 'last', '2026-01-01')).toEqual(['last', 'middle', 'first']);
  expect(standsForAll(register, 'last', '2025-06-30')).toEqual(['last']);
});
