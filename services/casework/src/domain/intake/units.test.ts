import { type Agency, Tier } from '@lienthong/contracts/directory';
import { agencyBook } from '@lienthong/reference-data';
import { agency, ended } from '@lienthong/reference-data/testing';
import { expect, test } from 'vitest';
import { unitFinder } from './units.ts';

const DAY = '2025-07-01';
const merged = agency({ id: 'merged', code: 'H61.1', name: 'Xã Mới', establishedOn: DAY });
const east = agency({ id: 'east', code: 'H61.2', name: 'Phường Đông', establishedOn: DAY });
const older = ended(agency({ code: 'H61.10', name: 'Xã Cũ hơn' }), '2024-01-01', 'old');
const old = ended(agency({ id: 'old', code: 'H61.11', name: 'Xã Cũ' }), DAY, 'merged');
// Another agency has its code today.
const renumbered = ended(agency({ code: 'H61.2', name: 'Xã Hai' }), DAY, 'merged');
const divided: Agency = {
  ...ended(agency({ code: 'H61.12', name: 'Xã Chia' }), DAY, 'merged'),
  successors: ['merged', 'east'].map((successorId) => ({
    predecessorId: 'divided',
    successorId,
    main: successorId === 'merged',
    whole: false,
    functions: [],
    effectiveOn: DAY,
    legalBasis: '',
    officersFollow: false,
  })),
};
const gone = ended(agency({ code: 'H61.13', name: 'Huyện' }), DAY);
const department = agency({ code: 'H61.STC', name: 'Sở Tài chính', tier: Tier.DEPARTMENT });
const province = agency({ code: 'H61', name: 'Tỉnh', tier: Tier.PROVINCE });

const book = agencyBook();
for (const one of [merged, east, older, old, renumbered, divided, gone, department, province]) book.put(one);

test.each([
  ['H61.1', 'H61.1'],
  ['H61', 'H61'],
  ['H61.2', 'H61.2'],
  ['H61.11', 'H61.1'],
  ['H61.10', 'H61.1'],
])('%s is %s today', (given, code) => {
  expect(unitFinder(book, '2026-01-15')(given)).toEqual({ code });
});

test('before the merger each code is its own', () => {
  for (const code of ['H61.11', 'H61.12', 'H61.2'])
    expect(unitFinder(book, '2025-06-30')(code)).toEqual({ code });
});

test.each([
  ['H61.12', 'DATA_UNIT_DIVIDED', 'H61.1, H61.2'],
  ['H61.13', 'DATA_UNIT_UNKNOWN', 'commune'],
  ['H61.STC', 'DATA_UNIT_UNKNOWN', 'commune'],
  ['H61.99', 'DATA_UNIT_UNKNOWN', 'commune'],
  ['', 'DATA_UNIT_UNKNOWN', 'commune'],
])('%j is refused: %s', (given, reason, words) => {
  expect(unitFinder(book, '2026-01-15')(given)).toEqual({
    reason,
    description: expect.stringContaining(words),
  });
});
