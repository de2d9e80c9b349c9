/** Working time of civil servants by law and yearly notices. */
import type { CalendarData, Cutoff, HoursVersion, Span } from '../calendar/data.ts';
import { daysOffByLaw } from '../law/holidays.ts';
import { VIETNAM_YEARS } from './years.ts';

const MORNING: Span = { from: '07:00', to: '11:00' };
const AFTERNOON: Span = { from: '13:00', to: '17:00' };
const DAY = [MORNING, AFTERNOON];

/** 07:00–11:00 and 13:00–17:00, Monday to Friday. */
export const DEFAULT_HOURS: readonly HoursVersion[] = [
  { from: '2000-01-01', week: { monday: DAY, tuesday: DAY, wednesday: DAY, thursday: DAY, friday: DAY } },
];

/** In force since the decrees came into force; of the second one the articles have not been seen. */
export const RECEPTION_CUTOFFS: readonly Cutoff[] = [
  {
    from: '2018-06-21',
    at: '15:00',
    source: 'Nghị định 61/2018/NĐ-CP, Điều 18 khoản 1; Thông tư 01/2018/TT-VPCP',
  },
  { from: '2025-07-01', at: '15:00', source: 'Nghị định 118/2025/NĐ-CP' },
];

/** Start here for an agency of its own hours: `buildCalendar({ ...VIETNAM, hours })`. */
export const VIETNAM: CalendarData = {
  hours: DEFAULT_HOURS,
  cutoffs: RECEPTION_CUTOFFS,
  years: VIETNAM_YEARS,
  daysOffByLaw,
};
