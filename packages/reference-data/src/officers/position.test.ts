import { expect, test } from 'vitest';
import { agencyBook } from '../agencies/book.ts';
import { agency, ended, officer } from '../testing.ts';
import { activeAt, headOf } from './position.ts';
import { officerBook } from './register.ts';

const commune = ended(agency({ id: 'commune', code: 'H61.1', name: 'Xã Cũ' }), '2025-07-01', 'successor');
const successor = agency({ id: 'successor', code: 'H61.1', name: 'Xã Mới', establishedOn: '2025-07-01' });
const first = officer({ id: 'first', agencyId: 'commune', fullName: 'Nguyễn Văn An', head: true });
const until2020 = { ...first, validTo: '2020-01-01' };
const second = officer({
  id: 'second',
  agencyId: 'commune',
  fullName: 'Trần Thị Bình',
  head: true,
  validFrom: '2020-01-01',
});
const clerk = officer({ id: 'clerk', agencyId: 'commune', fullName: 'Lê Văn Cường' });

const agencies = agencyBook();
for (const one of [commune, successor]) agencies.put(one);
const officers = officerBook();
for (const one of [until2020, clerk, second]) officers.put(one, 2);
const reference = { agencies, officers };
const head = (agencyId: string, date: string) => headOf(reference, agencyId, date)?.id;

test('the head of an agency at a date', () => {
  expect(head('commune', '2019-12-31')).toBe('first');
  expect(head('commune', '2020-01-01')).toBe('second');
  expect(head('commune', '2025-06-30')).toBe('second');
});

test('officers leave with their agency', () => {
  expect(head('commune', '2025-07-01')).toBeUndefined();
  expect(activeAt(reference, clerk, '2025-06-30')).toBe(true);
  expect(activeAt(reference, clerk, '2025-07-01')).toBe(false);
});

test('an agency without officers, or an unknown one, has no head', () => {
  expect(head('successor', '2025-07-01')).toBeUndefined();
  officers.put(officer({ id: 'early', agencyId: 'unknown', fullName: 'Phạm Thị Dung', head: true }), 1);
  expect(head('unknown', '2025-07-01')).toBeUndefined();
});

test('a newer version takes the place of an older one, never the other way', () => {
  officers.put(first, 1);
  expect(officers.get('first')?.validTo).toBe('2020-01-01');
  const book = officerBook();
  book.put(first, 1);
  book.put({ ...first, agencyId: 'successor' }, 2);
  expect([...book.appointedTo('commune')]).toEqual([]);
  expect([...book.appointedTo('successor')]).toEqual(['first']);
});
