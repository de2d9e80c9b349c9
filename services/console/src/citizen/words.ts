import type { WorkingDuration } from '@lienthong/contracts/common';
import { Channel, ServiceLevel } from '@lienthong/contracts/registry';

const ZONE = 'Asia/Ho_Chi_Minh';
const moment = new Intl.DateTimeFormat('vi-VN', {
  timeZone: ZONE,
  hour: '2-digit',
  minute: '2-digit',
  weekday: 'long',
  day: '2-digit',
  month: '2-digit',
  year: 'numeric',
});
const dong = new Intl.NumberFormat('vi-VN');

/** "17:00 Thứ Ba, 03/06/2026"; '' for no instant. */
export function momentText(at: Date | undefined): string {
  if (at === undefined) return '';
  const parts = new Map(moment.formatToParts(at).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? '';
  return `${part('hour')}:${part('minute')} ${part('weekday')}, ${part('day')}/${part('month')}/${part('year')}`;
}

/** "10/03/2026" of 2026-03-10; '' of ''. */
export const dateText = (date: string): string => date.split('-').reverse().join('/');

/** "15.000 đồng". */
export const moneyText = (vnd: bigint): string => `${dong.format(vnd)} đồng`;

/** "2,5", with one digit. */
export const decimalText = (n: number): string => n.toFixed(1).replace('.', ',');

const number = (n: number): string => String(n).replace('.', ',');

/** "15 ngày làm việc"; '' where none is given. */
export function durationText(duration: WorkingDuration | undefined): string {
  const amount = duration?.amount;
  if (amount === undefined) return '';
  switch (amount.$case) {
    case 'days':
      return amount.value === 0 ? 'trong ngày làm việc' : `${amount.value} ngày làm việc`;
    case 'halfDays':
      return `${number(amount.value / 2)} ngày làm việc`;
    case 'calendarDays':
      return amount.value === 0 ? 'trong ngày' : `${amount.value} ngày`;
    case 'minutes':
      return amount.value % 60 === 0 ? `${amount.value / 60} giờ làm việc` : `${amount.value} phút làm việc`;
  }
}

const CHANNELS: Partial<Record<Channel, string>> = {
  [Channel.IN_PERSON]: 'Trực tiếp',
  [Channel.ONLINE]: 'Trực tuyến',
  [Channel.POST]: 'Qua bưu chính',
};
export const channelText = (channel: Channel): string => CHANNELS[channel] ?? '';

const LEVELS: Partial<Record<ServiceLevel, string>> = {
  [ServiceLevel.FULL]: 'Trực tuyến toàn trình',
  [ServiceLevel.PARTIAL]: 'Trực tuyến một phần',
};
export const levelText = (level: ServiceLevel): string => LEVELS[level] ?? '';
