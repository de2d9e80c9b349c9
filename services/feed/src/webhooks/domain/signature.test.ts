import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { keyOf, ROTATION_MS, SECRET_BYTES, secretOf, signedHeaders } from './signature.ts';

const draw = () => secretOf(randomBytes(SECRET_BYTES));
const body = JSON.stringify({ subject: 'Kế hoạch cải cách hành chính', nfd: 'Kế hoạch'.normalize('NFD') });

describe('checked by the library of the specification', () => {
  test('a signature is accepted, of another body or secret it is not', () => {
    const secret = draw();
    const headers = signedHeaders('4f5e', new Date(), body, { current: secret });
    expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
    expect(() => new Webhook(secret).verify(`${body} `, headers)).toThrow();
    expect(() => new Webhook(draw()).verify(body, headers)).toThrow();
    expect(() => new Webhook(secret).verify(body, { ...headers, 'webhook-id': '4f5f' })).toThrow();
  });

  test('while a secret is rotated both sign, afterwards only the new one', () => {
    const [current, previous] = [draw(), draw()];
    const now = new Date();
    const within = { current, previous, previousUntil: new Date(now.getTime() + ROTATION_MS) };
    const both = signedHeaders('1', now, body, within);
    expect(new Webhook(current).verify(body, both)).toBeTruthy();
    expect(new Webhook(previous).verify(body, both)).toBeTruthy();
    const after = signedHeaders('1', now, body, { ...within, previousUntil: now });
    expect(new Webhook(current).verify(body, after)).toBeTruthy();
    expect(() => new Webhook(previous).verify(body, after)).toThrow();
  });
});

test('a secret has 24 to 64 bytes; what is wrong with one is said without it', () => {
  for (const size of [24, 32, 64]) expect(keyOf(secretOf(randomBytes(size)))).toHaveLength(size);
  for (const size of [0, 23, 65])
    expect(() => keyOf(secretOf(randomBytes(size)))).toThrow('no webhook secret');
  const unmarked = randomBytes(32).toString('base64');
  expect(() => keyOf(unmarked)).toThrow(
    expect.not.objectContaining({ message: expect.stringContaining(unmarked) }),
  );
});
