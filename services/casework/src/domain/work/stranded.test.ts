import { StrandedReason } from '@lienthong/contracts/casework';
import { officerBook } from '@lienthong/reference-data';
import { agency, ended, officer } from '@lienthong/reference-data/testing';
import { expect, test } from 'vitest';
import { strandedReason } from './stranded.ts';

const DAY = '2026-07-01';
const successor = agency({ code: 'H61.1', name: 'Xã Mới' });
const old = agency({ code: 'H61.2', name: 'Xã Cũ' });
const only = officer({ agencyId: old.id, fullName: 'Trần Thị Mẫu' });

function reasonOf(agencies: readonly (typeof old)[], officers: readonly (typeof only)[], id = old.id) {
  const book = officerBook();
  for (const one of officers) book.put(one, 1);
  const known = new Map(agencies.map((one) => [one.id, one]));
  return strandedReason({ agencies: known, officers: book }, id, DAY);
}

test('work is in somebody’s list while an officer is there, or a successor has it', () => {
  expect(reasonOf([old], [only])).toBeUndefined();
  expect(reasonOf([successor, ended(old, DAY, successor.id)], [only])).toBeUndefined();
  expect(reasonOf([old], [{ ...only, validTo: '2026-07-02' }])).toBeUndefined();
});

test('an agency that never had officers works by its system', () => {
  expect(reasonOf([old], [])).toBeUndefined();
});

test('nobody sees the work of an agency that all officers have left', () => {
  expect(reasonOf([old], [{ ...only, validTo: DAY }])).toBe(StrandedReason.NO_OFFICER);
});

test('nobody has the work of an agency that ended without a successor, and of one that nobody knows', () => {
  expect(reasonOf([ended(old, DAY)], [only])).toBe(StrandedReason.NO_AGENCY);
  expect(reasonOf([], [])).toBe(StrandedReason.NO_AGENCY);
});
