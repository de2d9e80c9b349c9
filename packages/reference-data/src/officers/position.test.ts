import { expect, test } from 'vitest';
import { agencyBook } from '../agencies/book.ts';
import { agency, ended, officer, transferred } from '../testing.ts';
import { cameAlong, headOf, isPostedAt, postingAt } from './position.ts';
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

test('officers go with their agency to its successor, there not as head, before the event of their move comes', () => {
  expect(head('commune', '2025-07-01')).toBeUndefined();
  expect(head('successor', '2025-07-01')).toBeUndefined();
  expect(isPostedAt(reference, clerk, 'commune', '2025-06-30')).toBe(true);
  expect(postingAt(reference, second, '2025-07-01')).toMatchObject({ agencyId: 'successor', head: false });
  const moved = transferred(second, '2025-07-01', 'successor');
  expect(postingAt(reference, moved, '2025-06-30')).toMatchObject({ agencyId: 'commune', head: true });
  expect(postingAt(reference, moved, '2025-07-01')).toMatchObject({ agencyId: 'successor', head: false });
});

test('officers leave with an agency that has no successor, or ended before officers moved', () => {
  const gone = ended(agency({ id: 'gone', code: 'H61.9', name: 'Xã Hết' }), '2025-07-01');
  const early = ended(agency({ id: 'early', code: 'H61.8', name: 'Xã Xưa' }), '2025-07-01', 'successor');
  for (const edge of early.successors) edge.officersFollow = false;
  for (const one of [gone, early]) {
    agencies.put(one);
    const left = officer({ agencyId: one.id, fullName: 'Vũ Thị Em' });
    expect(isPostedAt(reference, left, one.id, '2025-06-30')).toBe(true);
    expect(postingAt(reference, left, '2025-07-01')).toBeUndefined();
  }
});

test('an officer comes along with the work of an agency, also when the move is known before the end', () => {
  const alive = agency({ id: 'alive', code: 'H61.7', name: 'Xã Còn' });
  agencies.put(alive);
  const at = officer({ agencyId: 'alive', fullName: 'Vũ Thị Em' });
  const along = transferred(at, '2025-07-01', 'successor');
  expect(cameAlong(reference, along, 'alive', '2025-07-01')).toBe(true);
  expect(cameAlong(reference, along, 'successor', '2025-07-01')).toBe(true);
  expect(cameAlong(reference, transferred(along, '2025-08-01', 'commune'), 'alive', '2025-06-30')).toBe(true);
  expect(cameAlong(reference, transferred(at, '2025-07-01', 'successor', false), 'alive', '2025-07-01')).toBe(
    false,
  );
  expect(cameAlong(reference, { ...at, validTo: '2025-07-01' }, 'alive', '2025-07-01')).toBe(false);
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
