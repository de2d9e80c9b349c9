import { ImportedDossier } from '@lienthong/contracts/casework';
import { expect, test } from 'vitest';
import { readLine } from './imported-dossier.ts';

const at = new Date('2026-01-05T08:00:00+07:00');
const line = (more: object = {}): ImportedDossier =>
  ImportedDossier.fromPartial({
    code: 'H61.1-260105-0001',
    procedureCode: '2.000815',
    channel: 1,
    applicant: { fullName: 'Nguyễn Thị Mẫu' },
    intake: { code: 'H61.1' },
    lodgedAt: at,
    ...more,
  });
const faultsOf = (message: ImportedDossier): string[] => {
  const read = readLine(message);
  return 'faults' in read ? read.faults.map(({ field, reason }) => `${field} ${reason}`) : [];
};
const completed = (count: number, data = 0) => ({
  at,
  act: {
    $case: 'completed',
    value: {
      blockKey: 'x',
      results: Array.from({ length: count }, (_, n) => ({
        key: `k${n}`,
        data: Object.fromEntries(Array.from({ length: data }, (_, i) => [`d${i}`, 'x'])),
      })),
    },
  },
});

test('a line with what is required is read; what lacks is named', () => {
  expect(faultsOf(line({ acts: [{ at, act: { $case: 'accepted', value: {} } }] }))).toEqual([]);
  expect(faultsOf(line({ applicant: undefined, intake: undefined, lodgedAt: undefined }))).toEqual([
    'applicant FIELD_REQUIRED',
    'intake FIELD_REQUIRED',
    'lodged_at FIELD_REQUIRED',
  ]);
  const extended = { at, act: { $case: 'extended', value: { reason: 'đo đạc' } } };
  expect(faultsOf(line({ acts: [{ at }, extended], notes: [{ text: 'x' }] }))).toEqual([
    'acts[0].act FIELD_REQUIRED',
    'acts[1].extended.due_at FIELD_REQUIRED',
    'notes[0].at FIELD_REQUIRED',
  ]);
});

test('no time is of a year that no dossier is of', () => {
  for (const year of ['0001', '1999', '2100', '9999'])
    expect(faultsOf(line({ lodgedAt: new Date(`${year}-06-01T00:00:00Z`) }))).toEqual([
      'lodged_at DATE_INVALID',
    ]);
  expect(faultsOf(line({ lodgedAt: new Date(Number.NaN) }))).toHaveLength(1);
});

test('of a line with more than is looked at, one thing is said', () => {
  const many = Object.fromEntries(Array.from({ length: 1_001 }, (_, n) => [`k${n}`, 'x'.repeat(3_000)]));
  expect(faultsOf(line({ data: many }))).toEqual(['data TOO_MANY']);
  expect(faultsOf(line({ acts: Array.from({ length: 11 }, () => completed(100)) }))).toEqual([
    'acts TOO_MANY',
  ]);
  expect(faultsOf(line({ acts: [completed(2, 600)] }))).toEqual(['acts TOO_MANY']);
  const papers = Array.from({ length: 501 }, () => ({ key: 'don' }));
  const received = { at, act: { $case: 'supplementReceived', value: { papers } } };
  expect(faultsOf(line({ acts: [received, received] }))).toEqual(['acts TOO_MANY']);
  expect(faultsOf(line({ acts: Array.from({ length: 10 }, () => completed(100)) }))).toEqual([]);
});
