/** What the yearly notices decided for civil servants. A new year is a new table here. */
import type { Override, YearTable } from '../calendar/data.ts';
import {
  CULTURE_DAY,
  type Holiday,
  HUNG_KINGS,
  LABOUR_DAY,
  NATIONAL_DAY,
  NEW_YEAR,
  TET,
  VICTORY_DAY,
} from '../law/holidays.ts';
import { dayOfDate, weekdayOf } from '../time.ts';
import { dateText, dayText, phrase } from '../words/explanations.ts';

const NOTICE_2024 = 'Thông báo 5015/TB-LĐTBXH ngày 22/11/2023';
const SWAP_2024 = 'Công văn 2450/VPCP-KGVX ngày 12/4/2024';
const NOTICE_2025 = 'Thông báo 6150/TB-BLĐTBXH ngày 03/12/2024';
const NOTICE_2026 = 'Thông báo 9441/TB-BNV ngày 16/10/2025';
const SWAP_2026 = 'Công văn 12729/VPCP-KGVX ngày 25/12/2025';

const off = (holiday: Holiday, from: string, to?: string): Override => ({
  type: 'off',
  from,
  to,
  ...holiday,
});

/** A holiday whose dates a notice chose. */
const decided = ({ name, source }: Holiday, notice: string): Holiday => ({
  name,
  source: `${source}; ${notice}`,
});

/** A day off between others, and the Saturday that is worked for it by the hours of the day off. */
function swap(dayOff: string, worked: string, source: string): Override[] {
  return [
    {
      type: 'off',
      from: dayOff,
      name: phrase(['hoán đổi, làm bù {0}', 'swapped with {0}'], dayText(dayOfDate(worked))),
      source,
    },
    {
      type: 'working',
      from: worked,
      hours: weekdayOf(dayOfDate(dayOff)),
      inPlaceOf: dayOff,
      name: phrase(['làm bù cho ngày {0}', 'worked in place of {0}'], dateText(dayOfDate(dayOff))),
      source,
    },
  ];
}

export const VIETNAM_YEARS: readonly YearTable[] = [
  {
    year: 2024,
    overrides: [
      off(NEW_YEAR, '2024-01-01'),
      off(decided(TET, NOTICE_2024), '2024-02-08', '2024-02-14'),
      off(HUNG_KINGS, '2024-04-18'),
      ...swap('2024-04-29', '2024-05-04', SWAP_2024),
      off(VICTORY_DAY, '2024-04-30'),
      off(LABOUR_DAY, '2024-05-01'),
      off(decided(NATIONAL_DAY, NOTICE_2024), '2024-09-02', '2024-09-03'),
    ],
  },
  {
    year: 2025,
    overrides: [
      off(NEW_YEAR, '2025-01-01'),
      off(decided(TET, NOTICE_2025), '2025-01-27', '2025-01-31'),
      off(HUNG_KINGS, '2025-04-07'),
      off(VICTORY_DAY, '2025-04-30'),
      off(LABOUR_DAY, '2025-05-01'),
      ...swap('2025-05-02', '2025-04-26', NOTICE_2025),
      off(decided(NATIONAL_DAY, NOTICE_2025), '2025-09-01', '2025-09-02'),
    ],
  },
  {
    year: 2026,
    overrides: [
      off(NEW_YEAR, '2026-01-01'),
      ...swap('2026-01-02', '2026-01-10', SWAP_2026),
      off(decided(TET, NOTICE_2026), '2026-02-16', '2026-02-20'),
      off(
        {
          name: {
            vi: 'bù Giỗ Tổ Hùng Vương (10/3 âm lịch trùng Chủ nhật 26/4/2026)',
            en: "in lieu of Hung Kings' Commemoration on Sunday 26 April 2026",
          },
          source: `${HUNG_KINGS.source} và Điều 111 khoản 3`,
        },
        '2026-04-27',
      ),
      off(VICTORY_DAY, '2026-04-30'),
      off(LABOUR_DAY, '2026-05-01'),
      ...swap('2026-08-31', '2026-08-22', NOTICE_2026),
      off(decided(NATIONAL_DAY, NOTICE_2026), '2026-09-01', '2026-09-02'),
      off(CULTURE_DAY, '2026-11-24'),
    ],
  },
];
