import type { Told } from './compare.ts';
import type { Mail } from './mail-server.ts';
import { LABELS, readMail } from './mails.ts';

/** In the demo's JSON. */
export interface InformedTotals {
  feed: { followed: number; resumed: number };
  webhook: { delivered: number; retried: number };
  mails: { sent: number; citizens: number };
  /** In the application, to those whose mails were counted. */
  messages: number;
}

export interface Shown extends InformedTotals {
  follower: string;
  receiver: string;
  followed: readonly Told[];
  /** Requests not signed as they must be; what came of them. */
  forged: number;
  mailsCame: readonly Mail[];
}

/** For people: who was told of what. */
export function informedReport({ feed, webhook, mails, messages, ...shown }: Shown): string {
  const topics = Map.groupBy(shown.mailsCame, (mail) => LABELS[readMail(mail).topic] ?? mail.subject);
  const sample = shown.mailsCame.find(({ subject }) => subject.includes('cần chỉ đạo'));
  return [
    '',
    `${shown.follower} theo dõi trực tiếp: ${feed.followed} sự kiện, ${feed.resumed} lần mất kết nối rồi nối lại đúng chỗ`,
    ...bySource(shown.followed),
    `${shown.receiver} nhận qua webhook: ${webhook.delivered} sự kiện, ${webhook.retried} lần gửi lại sau lỗi 500, chữ ký đều đúng, ${shown.forged} yêu cầu giả mạo bị từ chối`,
    `thư điện tử: ${mails.sent}, trong đó ${mails.citizens} thư cho công dân; ${messages} thông báo trong ứng dụng`,
    ...[...topics].map(([topic, all]) => `  ${topic.padEnd(24)}${String(all.length).padStart(4)}`),
    ...(sample ? ['', ...letter(sample)] : []),
  ].join('\n');
}

function bySource(told: readonly Told[]): string[] {
  const sources = Map.groupBy(told, ({ type }) => type.split('.')[1] ?? '');
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
