import type { Duration } from '@lienthong/working-time';

const two = (n: number): string => String(n).padStart(2, '0');

/** A time limit on a paper: "15 ngày làm việc", "1,5 ngày làm việc", "10 ngày", "04 giờ làm việc", "trong ngày làm việc". */
export function durationInWords(duration: Duration): string {
  if (duration.unit !== 'hours') {
    const { unit, days } = duration;
    if (days === 0) return 'trong ngày làm việc';
    const count = Number.isInteger(days) ? two(days) : String(days).replace('.', ',');
    return unit === 'days' ? `${count} ngày làm việc` : `${count} ngày`;
  }
  const minutes = Math.round(duration.ms / 60_000);
  const parts = [
    ...(minutes >= 60 ? [`${two(Math.floor(minutes / 60))} giờ`] : []),
    ...(minutes % 60 > 0 || minutes === 0 ? [`${two(minutes % 60)} phút`] : []),
  ];
  return `${parts.join(' ')} làm việc`;
}

/** "01", "12". */
export const countInWords = two;
