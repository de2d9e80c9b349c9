import { NotificationState } from '@lienthong/contracts/notification';
import { expect, test } from 'vitest';
import { readBounce } from './bounce.ts';

const KEY = '019b0000-0000-7000-8000-000000000001-2';
const bounce = (action: string, id = `<${KEY}@vinhlong.example>`) => [
  'Message-ID: <20260115@mail.xa.example>',
  'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
  '',
  '--b',
  'Content-Type: text/plain; charset=utf-8',
  '',
  'Thư không gửi được.',
  '--b',
  'Content-Type: message/delivery-status',
  '',
  'Reporting-MTA: dns; mail.xa.example',
  'Final-Recipient: rfc822; an@xa.example',
  `Action: ${action}`,
  'Status: 5.1.1',
  'Diagnostic-Code: smtp; 550 5.1.1',
  '  <an@xa.example> no such user',
  '',
  '--b',
  'Content-Type: text/rfc822-headers',
  '',
  'From: thongbao@vinhlong.example',
  'Message-ID:',
  ` ${id}`,
  '--b--',
];

test.each(['\r\n', '\n'])('a bounce names our mail, and says why: lines end in %j', (end) => {
  expect(readBounce(bounce('failed').join(end), 'vinhlong.example')).toEqual({
    ok: true,
    without: 0,
    receipts: [
      { ref: KEY, said: NotificationState.FAILED, text: 'smtp; 550 5.1.1 <an@xa.example> no such user' },
    ],
  });
});

test('a confirmation is one', () => {
  const read = readBounce(bounce('Delivered').join('\r\n'), 'vinhlong.example');
  expect(read).toMatchObject({ receipts: [{ said: NotificationState.DELIVERED }] });
});

test.each([
  ['that it is late', bounce('delayed')],
  ['of somebody else’s mail', bounce('failed', `<${KEY}@elsewhere.example>`)],
  ['of a mail that is none of the service', bounce('failed', '<hello@vinhlong.example>')],
  ['out of office', ['Subject: Vắng mặt', `In-Reply-To: <${KEY}@vinhlong.example>`, '', 'Tôi đi vắng.']],
  ['nothing', ['']],
])('what says %s is none', (_, mail) => {
  expect(readBounce(mail.join('\r\n'), 'vinhlong.example')).toEqual({ ok: true, receipts: [], without: 1 });
});
