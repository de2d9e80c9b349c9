import type { ReceivedEvent } from './compare.ts';
import { LABELS, type Mail, readMail } from './mails.ts';

/** In the demo's JSON. */
export interface NotificationTotals {
  feed: { followed: number; resumed: number };
  webhook: { delivered: number; retried: number };
  mails: { sent: number; citizens: number };
  /** In the application, to those whose mails were counted. */
  messages: number;
}

export interface ReportedNotifications extends NotificationTotals {
  follower: string;
  receiver: string;
  followed: readonly ReceivedEvent[];
  /** Webhook requests with a valid signature, and those refused without one. */
  signed: number;
  unsigned: number;
  arrivedMails: readonly Mail[];
}

/** The report for people: who was notified of what. */
export function notificationReport({
  feed,
  webhook,
  mails,
  messages,
  ...figures
}: ReportedNotifications): string {
  const topics = Map.groupBy(figures.arrivedMails, (mail) => readMail(mail).topic);
  const sample = figures.arrivedMails.find(({ subject }) => subject.includes('cần chỉ đạo'));
  return [
    '',
    'Mọi bên liên quan đều được báo',
    `${figures.follower} theo dõi trực tiếp: ${feed.followed} sự kiện, ${feed.resumed} lần mất kết nối rồi nối lại từ con trỏ đã lưu`,
    ...bySource(figures.followed),
    `${figures.receiver} nhận qua webhook: ${webhook.delivered} sự kiện, ${webhook.retried} lần gửi lại sau lỗi 500, ${figures.signed} chữ ký đúng, ${figures.unsigned} yêu cầu giả mạo bị từ chối`,
    `Thư điện tử: ${mails.sent} thư, trong đó ${mails.citizens} thư gửi công dân; trong ứng dụng: ${messages} thông báo`,
    ...[...topics]
      .sort(([a], [b]) => a - b)
      .map(([topic, { length }]) => `  ${(LABELS[topic] ?? 'khác').padEnd(24)}${String(length).padStart(4)}`),
    ...(sample ? ['', ...letter(sample)] : []),
  ].join('\n');
}

function bySource(received: readonly ReceivedEvent[]): string[] {
  const sources = Map.groupBy(received, ({ type }) => type.split('.')[1] ?? '');
  return [...sources].map(([source, all]) => {
    const types = Map.groupBy(all, ({ type }) => type.split('.').at(-1) ?? '');
    const counts = [...types]
      .sort(([, a], [, b]) => b.length - a.length)
      .map(([type, { length }]) => `${type} ${length}`);
    return `  ${source.padEnd(10)}${String(all.length).padStart(5)}  ${counts.join(', ')}`;
  });
}

const letter = ({ to, subject, text }: Mail): string[] => [
  `  Đến: ${to.join(', ')}`,
  `  Về việc: ${subject}`,
  ...text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, 3)
    .map((line) => `  ${line}`),
];
