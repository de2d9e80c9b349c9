import { Form } from '@lienthong/contracts/casework';
import { Tier } from '@lienthong/contracts/directory';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FORM_SETS, formsFor } from './forms.ts';
import { oneStopAt } from './one-stop.ts';
import { RULES, rulesFor } from './rules.ts';
import { type LawVersion, versionFor } from './version.ts';

const date = fc
  .integer({ min: Date.UTC(2016, 0, 1), max: Date.UTC(2030, 0, 1) })
  .map((ms) => new Date(ms).toISOString().slice(0, 10));

describe('versions of the law', () => {
  const versions: readonly LawVersion[] = [
    { from: '2027-03-01', governs: 'all', source: 'C' },
    { from: '2025-07-01', governs: 'lodged-since', source: 'B' },
    { from: '', governs: 'lodged-since', source: 'A' },
  ];

  test.each([
    ['2025-06-30', '2026-01-01', 'A'],
    ['2025-07-01', '2026-01-01', 'B'],
    ['2025-06-30', '2027-02-28', 'A'],
    ['2025-06-30', '2027-03-01', 'C'],
    ['2027-03-01', '2027-03-01', 'C'],
  ])('a dossier lodged on %s follows on %s version %s', (lodgedOn, today, source) => {
    expect(versionFor(versions, lodgedOn, today).source).toBe(source);
  });

  test('a version that governs those lodged since then is kept for the life of the dossier', () => {
    fc.assert(
      fc.property(date, date, date, (lodgedOn, one, other) => {
        const later = [one, other].filter((day) => day >= lodgedOn);
        for (const today of later) {
          expect(rulesFor(lodgedOn, today)).toBe(rulesFor(lodgedOn, lodgedOn));
          expect(formsFor(lodgedOn, today)).toBe(formsFor(lodgedOn, lodgedOn));
        }
      }),
    );
  });

  test.each([
    ['rules', RULES],
    ['forms', FORM_SETS],
  ])('of the %s stand newest first and cover every date', (_, all: readonly LawVersion[]) => {
    const dates = all.map(({ from }) => from);
    expect(dates).toEqual(dates.toSorted().reverse());
    expect(new Set(dates).size).toBe(dates.length);
    expect(dates.at(-1)).toBe('');
  });
});

describe('forms', () => {
  test('are six until 14 September 2025, and seven from then on', () => {
    const numbers = (day: string) => Object.values(formsFor(day, day).numbers).sort();
    expect(numbers('2025-09-14')).toEqual(['01', '02', '03', '04', '05', '06']);
    expect(numbers('2025-09-15')).toEqual(['01', '02', '03', '04', '05', '06', '07']);
  });

  test('the stop notice took the number of the control sheet', () => {
    expect(formsFor('2025-09-14', '2026-01-01').numbers).toMatchObject({
      [Form.CONTROL_SHEET]: '05',
      [Form.REGISTER]: '06',
    });
    expect(formsFor('2025-09-15', '2026-01-01').numbers).toMatchObject({
      [Form.STOP_NOTICE]: '05',
      [Form.CONTROL_SHEET]: '06',
      [Form.REGISTER]: '07',
    });
  });
});

describe('the one-stop unit', () => {
  const province = { name: 'Ủy ban nhân dân tỉnh Vĩnh Long', tier: Tier.PROVINCE };
  const ward = { name: 'Ủy ban nhân dân phường 9', tier: Tier.COMMUNE };
  const department = { name: 'Sở Tài chính', tier: Tier.DEPARTMENT };
  const centre = { name: 'Trung tâm Phục vụ hành chính công tỉnh Vĩnh Long', tier: Tier.DEPARTMENT };
  const ministry = { name: 'Bộ Xây dựng', tier: Tier.MINISTRY };

  test.each([
    [
      'a commune before',
      [ward, province],
      '2025-06-30',
      'Bộ phận Tiếp nhận và Trả kết quả, Ủy ban nhân dân Phường 9',
      false,
    ],
    ['a commune', [ward, province], '2025-07-01', 'Trung tâm Phục vụ hành chính công Phường 9', true],
    ['the province', [province], '2025-07-01', 'Trung tâm Phục vụ hành chính công tỉnh Vĩnh Long', true],
    [
      'a department before',
      [department, province],
      '2025-06-30',
      'Bộ phận Tiếp nhận và Trả kết quả, Sở Tài chính',
      false,
    ],
    [
      'a department',
      [department, province],
      '2025-07-01',
      'Trung tâm Phục vụ hành chính công tỉnh Vĩnh Long',
      true,
    ],
    [
      'a centre of the directory',
      [centre, province],
      '2025-07-01',
      'Trung tâm Phục vụ hành chính công tỉnh Vĩnh Long',
      true,
    ],
    ['a ministry', [ministry], '2025-07-01', 'Bộ phận Tiếp nhận và Trả kết quả, Bộ Xây dựng', false],
  ])('of %s', (_, chain, day, title, ownSeal) => {
    expect(oneStopAt(chain, day)).toMatchObject({ title, ownSeal });
  });

  test('belongs to the committee whose name stands above it', () => {
    expect(oneStopAt([centre, province], '2025-07-01').agency).toBe(province.name);
    expect(oneStopAt([department, province], '2025-07-01').agency).toBe(province.name);
    expect(oneStopAt([ward, province], '2025-07-01').agency).toBe('Ủy ban nhân dân Phường 9');
  });
});
