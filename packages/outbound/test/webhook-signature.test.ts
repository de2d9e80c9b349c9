import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isWebhookSecret, newWebhookSecret, signWebhook, verifyWebhook } from '../src/index.ts';

const secret = newWebhookSecret();
const at = new Date('2026-01-15T02:00:00.750Z');
const body = '{"data":"Hồ sơ đã trả kết quả"}';
const headers = signWebhook([secret], 'msg_1', at, body);

describe('webhook signatures', () => {
  it('are the HMAC of id, seconds and body under the decoded secret', () => {
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
    const mac = createHmac('sha256', key).update(`msg_1.1768442400.${body}`, 'utf8').digest('base64');
    expect(headers).toEqual({
      'webhook-id': 'msg_1',
      'webhook-timestamp': '1768442400',
      'webhook-signature': `v1,${mac}`,
    });
  });

  it('are what a receiver with another implementation expects (the example of the specification)', () => {
    const example = signWebhook(
      ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
      'msg_p5jXN8AQM9LWM0D4loKWxJek',
      new Date(1_614_265_330_000),
      '{"test": 2432232314}',
    );
    expect(example['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it.each([
    ['as it was sent', headers, body, at, true],
    ['four minutes later', headers, body, new Date(at.getTime() + 240_000), true],
    ['six minutes later', headers, body, new Date(at.getTime() + 360_000), false],
    ['six minutes ahead', headers, body, new Date(at.getTime() - 360_000), false],
    ['another body', headers, body.normalize('NFD'), at, false],
    ['another id', { ...headers, 'webhook-id': 'msg_2' }, body, at, false],
    ['another time', { ...headers, 'webhook-timestamp': '1768442401' }, body, at, false],
    ['no time', { ...headers, 'webhook-timestamp': 'now' }, body, at, false],
    ['no signature', { 'webhook-id': 'msg_1', 'webhook-timestamp': '1768442400' }, body, at, false],
    [
      'another version',
      { ...headers, 'webhook-signature': headers['webhook-signature'].replace('v1', 'v2') },
      body,
      at,
      false,
    ],
  ])('are checked: %s', (_, given, text, now, right) => {
    expect(verifyWebhook([secret], given, text, now)).toBe(right);
  });

  it('go over to a new secret: both sign, either opens', () => {
    const next = newWebhookSecret();
    const both = signWebhook([next, secret], 'msg_1', at, body);
    expect(both['webhook-signature'].split(' ')).toHaveLength(2);
    for (const known of [[secret], [next], [newWebhookSecret(), next]])
      expect(verifyWebhook(known, both, body, at)).toBe(true);
    expect(verifyWebhook([newWebhookSecret()], both, body, at)).toBe(false);
  });

  it('need a secret that is one, and an id that can be read in one way', () => {
    expect(isWebhookSecret(newWebhookSecret())).toBe(true);
    for (const wrong of [
      '',
      'whsec_',
      secret.slice(6),
      `${secret}!`,
      `whsec_${Buffer.alloc(23).toString('base64')}`,
    ])
      expect(isWebhookSecret(wrong)).toBe(false);
    expect(() => signWebhook(['whsec_'], 'msg_1', at, body)).toThrow('a webhook secret is');
    expect(() => signWebhook([], 'msg_1', at, body)).toThrow('needs a secret');
    expect(() => signWebhook([secret], 'msg.1', at, body)).toThrow('id without dots');
  });
});
