import { NotificationState } from '@lienthong/contracts/notification';
import { readSettings } from '@lienthong/kit';
import { describe, expect, test } from 'vitest';
import { channelSettings } from '../channels/config.ts';
import { type ReceiptCall, readAppReceipt, readSmsReceipts } from './read.ts';

const { DELIVERED, FAILED } = NotificationState;
const read = (env: Record<string, string>, call: Partial<ReceiptCall>) =>
  readSmsReceipts(readSettings(channelSettings, env), { query: {}, contentType: '', body: '', ...call });
const NESTED = {
  SMS_RECEIPT_LIST: 'data.items',
  SMS_RECEIPT_ID: 'sms.0.id',
  SMS_RECEIPT_STATUS: 'code',
  SMS_RECEIPT_DELIVERED: '2, ok',
  SMS_RECEIPT_FAILED: '4,5',
  SMS_RECEIPT_REASON: 'why',
};
const items = (...all: unknown[]) => JSON.stringify({ data: { items: all } });

describe('receipts are read where the settings place them', () => {
  test.each<[string, Record<string, string>, Partial<ReceiptCall>, unknown[], number]>([
    ['the query', {}, { query: { id: 'a', status: 'Delivered' } }, [['a', DELIVERED, 'Delivered']], 0],
    [
      'a form',
      { SMS_RECEIPT_ID: 'SMSID', SMS_RECEIPT_STATUS: 'SendStatus', SMS_RECEIPT_FAILED: '5' },
      { contentType: 'application/x-www-form-urlencoded; charset=utf-8', body: 'SMSID=7&SendStatus=5' },
      [['7', FAILED, '5']],
      0,
    ],
    ['JSON', {}, { body: '{"id":12,"status":"expired"}' }, [['12', FAILED, 'expired']], 0],
    [
      'a list of JSON',
      NESTED,
      {
        body: items(
          { sms: [{ id: 'a' }], code: 2 },
          { sms: [{ id: 'b' }], code: 4, why: 'tắt máy\r\nhôm nay' },
          { sms: [{ id: 'c' }], code: 1 },
          { sms: [], code: 2 },
        ),
      },
      [
        ['a', DELIVERED, '2'],
        ['b', FAILED, '4: tắt máy hôm nay'],
      ],
      2,
    ],
  ])('%s', (_, env, call, receipts, unusable) => {
    const found = read(env, call);
    if (!found.ok) throw new Error(found.problem);
    expect(found.receipts.map(({ refs: [ref], state, text }) => [ref, state, text])).toEqual(receipts);
    expect(found.unusable).toBe(unusable);
  });

  test.each([
    ['{"id":', {}],
    ['{"data":{"items":{}}}', NESTED],
    ['null', NESTED],
    [items(...Array(1_001).fill(0)), NESTED],
  ])('%#: is refused as a whole', (body, env) => {
    expect(read(env, { body })).toMatchObject({ ok: false });
  });

  test.each([
    ['of what a prototype has', '{"id":"x"}', { SMS_RECEIPT_STATUS: 'constructor.name' }],
    ['a name that cannot be kept', '{"id":"a\\u0000","status":"failed"}', {}],
    ['a name with marks', '{"id":"hồ sơ","status":"failed"}', {}],
    ['an empty one', '{"id":" ","status":"failed"}', {}],
  ])('%s is ignored', (_, body, env) => {
    expect(read(env, { body })).toEqual({ ok: true, receipts: [], unusable: 1 });
  });
});

test.each([
  ['{"type":"notification.failed","data":{"id":"a","reason":"gỡ ứng dụng"}}', FAILED, 'gỡ ứng dụng'],
  ['{"type":"notification.delivered","data":{"id":"a"}}', DELIVERED, 'delivered'],
])('the app reports %s', (body, state, text) => {
  const receipts = [{ refs: ['a'], isOurs: true, state, text }];
  expect(readAppReceipt({ query: {}, contentType: '', body })).toEqual({ ok: true, unusable: 0, receipts });
});
