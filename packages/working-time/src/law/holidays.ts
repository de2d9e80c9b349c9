/** The holidays of the Labour Code, and the days off that it gives a year before the yearly decision. */
import type { DayOff, Text } from '../calendar/data.ts';
import { dateOfDay, dayOfDate, weekdayNumber } from '../time.ts';
import { dayText, phrase } from '../words/explanations.ts';
import { dayOfLunarDate } from './lunar.ts';

export interface Holiday {
  name: Text;
  source: string;
}

const LABOUR_CODE = 'Bộ luật Lao động 45/2019/QH14';
const holiday = (point: string, vi: string, en: string): Holiday => ({
  name: { vi, en },
  source: `${LABOUR_CODE}, Điều 112 khoản 1 điểm ${point}`,
});

export const NEW_YEAR = holiday('a', 'Tết Dương lịch', "New Year's Day");
export const TET = holiday('b', 'Tết Âm lịch', 'Lunar New Year');
export const VICTORY_DAY = holiday('c', 'Ngày Chiến thắng', 'Victory Day');
export const LABOUR_DAY = holiday('d', 'Ngày Quốc tế lao động', 'International Labour Day');
export const NATIONAL_DAY = holiday('đ', 'Quốc khánh', 'National Day');
export const HUNG_KINGS = holiday('e', 'Giỗ Tổ Hùng Vương (10/3 âm lịch)', "Hung Kings' Commemoration");
export const CULTURE_DAY: Holiday = {
  name: { vi: 'Ngày Văn hóa Việt Nam', en: 'Vietnamese Culture Day' },
  source: 'Nghị quyết 28/2026/QH16, Điều 2',
};

/** Of five days of Tết, four are the same in every decision: the last of the old year and the first three of the new. */
const TET_FIFTH_DAY: Holiday = {
  ...TET,
  name: {
    vi: 'Tết Âm lịch (dự kiến: quyết định hằng năm chọn ngày này hoặc mùng 4)',
    en: 'Lunar New Year (expected: the yearly decision takes this day or the fourth of the new year)',
  },
};
/** One day beside 2 September, before or after it. */
const NATIONAL_DAY_SECOND: Holiday = {
  ...NATIONAL_DAY,
  name: {
    vi: 'Quốc khánh (dự kiến: quyết định hằng năm chọn ngày liền kề trước hoặc sau 02/9)',
    en: 'National Day (expected: the yearly decision takes the day before or after 2 September)',
  },
};

interface Rule {
  holiday: Holiday;
  /** The first year; without one, before every calendar. */
  since?: number;
  daysOf(year: number): number[];
}

const on = (year: number, monthDay: string): number => dayOfDate(`${year}-${monthDay}`);
const tet = (year: number): number => dayOfLunarDate(year, 1, 1);

const RULES: readonly Rule[] = [
  { holiday: NEW_YEAR, daysOf: (year) => [on(year, '01-01')] },
  { holiday: TET_FIFTH_DAY, since: 2013, daysOf: (year) => [tet(year) - 2] },
  { holiday: TET, daysOf: (year) => [-1, 0, 1, 2].map((after) => tet(year) + after) },
  { holiday: HUNG_KINGS, since: 2007, daysOf: (year) => [dayOfLunarDate(year, 3, 10)] },
  { holiday: VICTORY_DAY, daysOf: (year) => [on(year, '04-30')] },
  { holiday: LABOUR_DAY, daysOf: (year) => [on(year, '05-01')] },
  { holiday: NATIONAL_DAY, daysOf: (year) => [on(year, '09-02')] },
  { holiday: NATIONAL_DAY_SECOND, since: 2021, daysOf: (year) => [besideNationalDay(on(year, '09-02'))] },
  { holiday: CULTURE_DAY, since: 2026, daysOf: (year) => [on(year, '11-24')] },
];

/** After a Thursday the Friday joins it to the weekend; else the day before. */
const besideNationalDay = (day: number): number => (weekdayNumber(day) === THURSDAY ? day + 1 : day - 1);

const [SUNDAY, THURSDAY, SATURDAY] = [0, 4, 6];
/** The weekly rest of public agencies. */
const isWeekend = (day: number): boolean => [SUNDAY, SATURDAY].includes(weekdayNumber(day));

const IN_LIEU = ['bù {0}, trùng {1}', 'in lieu of {0} on {1}'] as const;

/**
 * The days off of a year without a decision, by date: holidays, and days in lieu of those on a Saturday or Sunday
 * (article 111.3). What is left to the decision is chosen as in the decisions of 2016 to 2026: for Tết two days of the
 * old year and three of the new. Swaps cannot be foreseen.
 */
export function daysOffByLaw(year: number): DayOff[] {
  const daysOff = new Map<number, Holiday>();
  for (const { holiday, since = year, daysOf } of RULES) {
    if (since <= year) for (const day of daysOf(year)) daysOff.set(day, holiday);
  }
  for (const [day, { name, source }] of byDay(daysOff)) {
    if (!isWeekend(day)) continue;
    let next = day + 1;
    while (isWeekend(next) || daysOff.has(next)) next += 1;
    daysOff.set(next, { name: phrase(IN_LIEU, name, dayText(day)), source: `${source} và Điều 111 khoản 3` });
  }
  return byDay(daysOff).map(([day, holiday]) => ({ type: 'off', from: dateOfDay(day), ...holiday }));
}

const byDay = (daysOff: ReadonlyMap<number, Holiday>): [number, Holiday][] =>
  [...daysOff].sort(([a], [b]) => a - b);
