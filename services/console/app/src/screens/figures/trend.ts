import type { casework } from '@lienthong/contracts/json';

/** What was received and finished in a month. */
export interface MonthFigures {
  /** YYYY-MM. */
  month: string;
  received: number;
  finished: number;
  onTime: number;
}

/** Every month of a period, oldest first, also those in which nothing happened. */
export function monthsOf(
  from: string,
  to: string,
  rows: readonly Pick<casework.StatisticsRow, 'month' | 'finished' | 'onTime'>[],
  received: readonly casework.ReceivedMonth[],
): MonthFigures[] {
  const found: MonthFigures[] = [];
  for (
    let month = from.slice(0, 7);
    month <= to.slice(0, 7) && found.length < MOST;
    month = nextMonth(month)
  ) {
    const row = rows.find((one) => one.month === month);
    found.push({
      month,
      received: received.find((one) => one.month === month)?.received ?? 0,
      finished: row?.finished ?? 0,
      onTime: row?.onTime ?? 0,
    });
  }
  return found;
}

/** Ten years. */
const MOST = 120;

function nextMonth(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
}

/** The heights of a month's bars, in thousandths of the highest one. */
export function heightsOf(
  months: readonly MonthFigures[],
): [received: number, finished: number, onTime: number][] {
  const most = Math.max(1, ...months.flatMap(({ received, finished }) => [received, finished]));
  const height = (count: number) => (count / most) * 1_000;
  return months.map(({ received, finished, onTime }) => [height(received), height(finished), height(onTime)]);
}
