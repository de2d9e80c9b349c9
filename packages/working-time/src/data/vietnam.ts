/** What the law and the yearly notices decide for civil servants. A new year is a new table here. */
import type {
  CalendarData,
  Cutoff,
  FixedHoliday,
  HoursVersion,
  Span,
  Text,
  YearTable,
} from '../calendar/data.ts';

const LABOUR_CODE = 'Bộ luật Lao động 45/2019/QH14';
const HOLIDAY = (point: string): string => `${LABOUR_CODE}, Điều 112 khoản 1 điểm ${point}`;
const NOTICE_2025 = 'Thông báo 6150/TB-BLĐTBXH ngày 03/12/2024';
const NOTICE_2026 = 'Thông báo 9441/TB-BNV ngày 16/10/2025';
const CULTURE_DAY_LAW = 'Nghị quyết 28/2026/QH16, Điều 2';

const NEW_YEAR: Text = { vi: 'Tết Dương lịch', en: "New Year's Day" };
const TET: Text = { vi: 'Tết Âm lịch', en: 'Lunar New Year' };
const HUNG_KINGS: Text = { vi: 'Giỗ Tổ Hùng Vương (10/3 âm lịch)', en: "Hung Kings' Commemoration" };
const VICTORY_DAY: Text = { vi: 'Ngày Chiến thắng', en: 'Victory Day' };
const LABOUR_DAY: Text = { vi: 'Ngày Quốc tế lao động', en: 'International Labour Day' };
const NATIONAL_DAY: Text = { vi: 'Quốc khánh', en: 'National Day' };
const CULTURE_DAY: Text = { vi: 'Ngày Văn hóa Việt Nam', en: 'Vietnamese Culture Day' };

const MORNING: Span = { from: '07:00', to: '11:00' };
const AFTERNOON: Span = { from: '13:00', to: '17:00' };
const DAY = [MORNING, AFTERNOON];

/** 07:00–11:00 and 13:00–17:00, Monday to Friday. */
export const DEFAULT_HOURS: readonly HoursVersion[] = [
  { from: '2000-01-01', week: { monday: DAY, tuesday: DAY, wednesday: DAY, thursday: DAY, friday: DAY } },
];

/** In force since the decree came into force. */
export const RECEPTION_CUTOFFS: readonly Cutoff[] = [
  {
    from: '2018-06-21',
    at: '15:00',
    source: 'Nghị định 61/2018/NĐ-CP, Điều 18 khoản 1; Thông tư 01/2018/TT-VPCP',
  },
];

export const VIETNAM_YEARS: readonly YearTable[] = [
  {
    year: 2025,
    overrides: [
      { type: 'off', from: '2025-01-01', name: NEW_YEAR, source: HOLIDAY('a') },
      {
        type: 'off',
        from: '2025-01-27',
        to: '2025-01-31',
        name: TET,
        source: `${HOLIDAY('b')}; ${NOTICE_2025}`,
      },
      { type: 'off', from: '2025-04-07', name: HUNG_KINGS, source: HOLIDAY('e') },
      {
        type: 'working',
        from: '2025-04-26',
        hours: 'friday',
        inPlaceOf: '2025-05-02',
        name: { vi: 'làm bù cho ngày 02/5/2025', en: 'worked in place of 2 May 2025' },
        source: NOTICE_2025,
      },
      { type: 'off', from: '2025-04-30', name: VICTORY_DAY, source: HOLIDAY('c') },
      { type: 'off', from: '2025-05-01', name: LABOUR_DAY, source: HOLIDAY('d') },
      {
        type: 'off',
        from: '2025-05-02',
        name: { vi: 'hoán đổi, làm bù Thứ Bảy 26/4/2025', en: 'swapped with Saturday 26 April 2025' },
        source: NOTICE_2025,
      },
      {
        type: 'off',
        from: '2025-09-01',
        to: '2025-09-02',
        name: NATIONAL_DAY,
        source: `${HOLIDAY('đ')}; ${NOTICE_2025}`,
      },
    ],
  },
  {
    year: 2026,
    overrides: [
      { type: 'off', from: '2026-01-01', name: NEW_YEAR, source: HOLIDAY('a') },
      {
        type: 'off',
        from: '2026-02-16',
        to: '2026-02-20',
        name: TET,
        source: `${HOLIDAY('b')}; ${NOTICE_2026}`,
      },
      {
        type: 'off',
        from: '2026-04-27',
        name: {
          vi: 'bù Giỗ Tổ Hùng Vương (10/3 âm lịch trùng Chủ nhật 26/4/2026)',
          en: "in lieu of Hung Kings' Commemoration on Sunday 26 April 2026",
        },
        source: `${HOLIDAY('e')} và Điều 111 khoản 3`,
      },
      { type: 'off', from: '2026-04-30', name: VICTORY_DAY, source: HOLIDAY('c') },
      { type: 'off', from: '2026-05-01', name: LABOUR_DAY, source: HOLIDAY('d') },
      {
        type: 'working',
        from: '2026-08-22',
        hours: 'monday',
        inPlaceOf: '2026-08-31',
        name: { vi: 'làm bù cho ngày 31/8/2026', en: 'worked in place of 31 August 2026' },
        source: NOTICE_2026,
      },
      {
        type: 'off',
        from: '2026-08-31',
        name: { vi: 'hoán đổi, làm bù Thứ Bảy 22/8/2026', en: 'swapped with Saturday 22 August 2026' },
        source: NOTICE_2026,
      },
      {
        type: 'off',
        from: '2026-09-01',
        to: '2026-09-02',
        name: NATIONAL_DAY,
        source: `${HOLIDAY('đ')}; ${NOTICE_2026}`,
      },
      { type: 'off', from: '2026-11-24', name: CULTURE_DAY, source: CULTURE_DAY_LAW },
    ],
  },
];

/** The holidays whose date no notice can move. */
export const FIXED_HOLIDAYS: readonly FixedHoliday[] = [
  { monthDay: '01-01', fromYear: 1976, name: NEW_YEAR, source: HOLIDAY('a') },
  { monthDay: '04-30', fromYear: 1976, name: VICTORY_DAY, source: HOLIDAY('c') },
  { monthDay: '05-01', fromYear: 1976, name: LABOUR_DAY, source: HOLIDAY('d') },
  { monthDay: '09-02', fromYear: 1976, name: NATIONAL_DAY, source: HOLIDAY('đ') },
  { monthDay: '11-24', fromYear: 2026, name: CULTURE_DAY, source: CULTURE_DAY_LAW },
];

/** Start here for an agency of its own hours: `buildCalendar({ ...VIETNAM, hours })`. */
export const VIETNAM: CalendarData = {
  hours: DEFAULT_HOURS,
  cutoffs: RECEPTION_CUTOFFS,
  years: VIETNAM_YEARS,
  fixedHolidays: FIXED_HOLIDAYS,
};
