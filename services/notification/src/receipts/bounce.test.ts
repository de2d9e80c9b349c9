import { NotificationState } from '@lienthong/contracts/notification';
import { describe, expect, test } from 'vitest';
import { readBounce } from './bounce.ts';

const { DELIVERED, FAILED } = NotificationState;
const KEY = '019b0000-0000-7000-8000-000000000001-2';
const SENDER = 'thongbao@vinhlong.example';
const OURS = [`From: =?utf-8?Q?Li=C3=AAn_Th=C3=B4ng?= <${SENDER}>`, 'Date: Thu, 15 Jan 2026 02:00:00 +0000'];

interface Report {
  action?: string;
  head?: string[];
  perMessage?: string[];
  perRecipient?: string[];
  original?: string[];
  originalType?: string;
  /** How the two parts for programs are encoded. */
  encoding?: 'base64' | 'quoted-printable';
}

function encoded(lines: string[], encoding: Report['encoding']): string[] {
  const text = lines.join('\r\n');
  if (encoding === 'base64')
    return [
      'Content-Transfer-Encoding: base64',
      '',
      ...(Buffer.from(text)
        .toString('base64')
        .match(/.{1,76}/g) ?? []),
    ];
  if (encoding === 'quoted-printable') {
    const quoted = text.replace(/=/g, '=3D').replace(/@/g, '=40').replace(/-Id/g, '-=\r\nId');
    return ['Content-Transfer-Encoding: quoted-printable', '', quoted];
  }
  return ['', text];
}

/** A delivery status notification by RFC 3464. */
function report(given: Report = {}): string[] {
  const { action = 'failed', encoding, originalType = 'text/rfc822-headers' } = given;
  const status = [
    'Reporting-MTA: dns; mail.xa.example',
    ...(given.perMessage ?? []),
    '',
    'Final-Recipient: rfc822; an@xa.example',
    `Action: ${action}`,
    'Status: 5.1.1',
    'Diagnostic-Code: smtp; 550 5.1.1',
    '  <an@xa.example> no such user',
    ...(given.perRecipient ?? []),
  ];
  return [
    'Message-ID: <20260115@mail.xa.example>',
    ...(given.head ?? []),
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    '',
    '--b',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'Thư không gửi được.',
    '--b',
    'Content-Type: message/delivery-status',
    ...encoded(status, encoding),
    '',
    '--b',
    `Content-Type: ${originalType}`,
    ...encoded(given.original ?? [...OURS, 'Message-ID:', ` <${KEY}@vinhlong.example>`], encoding),
    '--b--',
  ];
}

async function receiptIn(lines: string[], end = '\r\n') {
  const read = await readBounce(lines.join(end), SENDER);
  if (!read.ok) throw new Error(read.problem);
  return read.receipts[0];
}

test.each(['\r\n', '\n'])('a bounce names our mail and the reason: lines end in %j', async (end) => {
  expect(await readBounce(report().join('\r\n').replaceAll('\r\n', end), SENDER)).toEqual({
    ok: true,
    unusable: 0,
    receipts: [
      {
        refs: [KEY],
        isOurs: true,
        state: FAILED,
        text: 'smtp; 550 5.1.1 <an@xa.example> no such user',
        isUnreachable: true,
        sending: { address: 'an@xa.example', at: new Date('2026-01-15T02:00:00Z') },
      },
    ],
  });
});

test('a confirmation is a receipt of delivery', async () => {
  expect(await receiptIn(report({ action: 'Delivered' }))).toMatchObject({ refs: [KEY], state: DELIVERED });
});

test.each(['base64', 'quoted-printable'] as const)('parts may be encoded: %s', async (encoding) => {
  const read = await receiptIn(report({ encoding, perMessage: [`Original-Envelope-Id: ${KEY}`] }));
  expect(read).toMatchObject({
    refs: [KEY],
    state: FAILED,
    text: 'smtp; 550 5.1.1 <an@xa.example> no such user',
  });
});

test.each(['message/rfc822', 'message/global', 'message/global-headers'])(
  'the mail may come back as %s',
  async (originalType) => {
    const original = [...OURS, `X-Lien-Thong-Message: ${KEY}`, '', 'Kính gửi Ông/Bà'];
    expect(await receiptIn(report({ original, originalType }))).toMatchObject({ refs: [KEY], isOurs: true });
  },
);

describe('a relay has replaced the Message-ID: the mail is recognised by', () => {
  const original = [...OURS, 'Message-ID: <0100019b-7f@email.relay.example>'];
  test.each<[string, Report]>([
    ['our own header', { original: [...original, `X-Lien-Thong-Message: ${KEY}`] }],
    ['the envelope id', { original, perMessage: [`Original-Envelope-Id: ${KEY}`] }],
    ['what the notification replies to', { original, head: [`In-Reply-To: <${KEY}@vinhlong.example>`] }],
    ['its references', { original, head: [`References: <a@b.example> <${KEY}@VinhLong.example>`] }],
  ])('%s', async (_, given) => {
    const receipt = await receiptIn(report(given));
    expect(receipt?.refs[0]).toBe(KEY);
    expect(receipt?.isOurs).toBe(true);
  });

  test('the id under which the relay queued it, in each place where a relay shows it', async () => {
    const received = [
      'Received: from lienthong (10.0.0.7)',
      ' by relay.example (Postfix) with ESMTPS id 4cXk2hT1zqz',
      ' for <an@xa.example>; Thu, 15 Jan 2026 02:00:00 +0000',
    ];
    const receipt = await receiptIn(
      report({ original: [...received, ...original], perMessage: ['X-Postfix-Queue-ID: 4cXk2hT1zqy'] }),
    );
    expect(receipt?.refs).toEqual(['4cXk2hT1zqy', '0100019b-7f', '4cXk2hT1zqz']);
  });

  test('the recipient we gave and the time, where nothing else is left', async () => {
    const receipt = await receiptIn(
      report({ original: OURS, perRecipient: ['Original-Recipient: rfc822;an.nguyen@xa.example'] }),
    );
    expect(receipt).toMatchObject({
      refs: [],
      isOurs: true,
      sending: { address: 'an.nguyen@xa.example', at: new Date('2026-01-15T02:00:00Z') },
    });
  });
});

test('of several recipients behind an alias one failure counts', async () => {
  const perRecipient = ['', 'Final-Recipient: rfc822; b@xa.example', 'Action: delivered', 'Status: 2.0.0'];
  expect(await receiptIn(report({ perRecipient }))).toMatchObject({ state: FAILED });
});

const foreign = ['From: ke.toan@elsewhere.example', 'Date: Thu, 15 Jan 2026 02:00:00 +0000'];
test.each<[string, string[]]>([
  ['that is late', report({ action: 'delayed' })],
  ['about a mail of another sender', report({ original: foreign })],
  ['about nothing', report({ original: [] })],
  ['out of office', ['Subject: Vắng mặt', `In-Reply-To: <${KEY}@vinhlong.example>`, '', 'Tôi đi vắng.']],
  ['with a quoted bounce', ['Subject: Re', '', ...report()]],
  ['that is empty', ['']],
])('a mail %s is ignored', async (_, lines) => {
  expect(await readBounce(lines.join('\r\n'), SENDER)).toEqual({ ok: true, receipts: [], unusable: 1 });
});

test('a key of another domain, and a text that is not a key, name no message of this service', async () => {
  const message = (id: string) => report({ original: [...foreign, `Message-ID: ${id}`] });
  expect(await receiptIn(message(`<${KEY}@elsewhere.example>`))).toMatchObject({
    isOurs: false,
    sending: undefined,
  });
  expect(await receiptIn(message('<xin.chao@vinhlong.example>'))).toMatchObject({
    refs: ['xin.chao'],
    isOurs: false,
  });
});
