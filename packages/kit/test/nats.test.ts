import { expect, test } from 'vitest';
import { natsOptions } from '../src/index.ts';

test('user and password of the URL are used, decoded, for all servers', () => {
  expect(natsOptions({ url: 'nats://a%40b:p%2Fq@one:4222,two:4223' })).toEqual({
    servers: ['one:4222', 'two:4223'],
    user: 'a@b',
    pass: 'p/q',
  });
});

test('a URL without a login gives none; tls:// and a file of certificates ask for TLS', () => {
  expect(natsOptions({ url: 'nats://one:4222' })).toEqual({ servers: ['one:4222'] });
  expect(natsOptions({ url: 'tls://one:4222' })).toEqual({ servers: ['one:4222'], tls: {} });
  expect(natsOptions({ url: 'nats://one:4222', caFile: '/ca.pem' })).toEqual({
    servers: ['one:4222'],
    tls: { caFile: '/ca.pem' },
  });
});

test('a key pair logs in instead of a password', () => {
  const nkeySeed = 'SUAM4VQYFBIUZDVZWHH24FJCYKGUQVTM3DBLRF2YJMO5QQIXW2PYDCAHEE';
  expect(natsOptions({ url: 'nats://one:4222', nkeySeed }).authenticator).toBeTypeOf('function');
});
