import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type RefusalError, systemClock } from '@lienthong/kit';
import { afterEach, describe, expect, test } from 'vitest';
import { type AddressRules, checkUrl, createHttpClient, type Resolve, urlProblem } from '../src/index.ts';

const strict: AddressRules = { allowPrivate: false, allowHttp: false, ports: [443, 8443] };

describe('URLs', () => {
  test.each([
    ['https://xa.example.vn/hook?key=1', undefined],
    ['https://xa.example.vn:8443/', undefined],
    ['http://xa.example.vn/', 'URL_NOT_HTTPS'],
    ['ftp://xa.example.vn/', 'URL_NOT_HTTPS'],
    ['/hook', 'URL_INVALID'],
    ['', 'URL_INVALID'],
    ['https://xa.example.vn/#a', 'URL_INVALID'],
    [`https://xa.example.vn/${'a'.repeat(2_000)}`, 'URL_INVALID'],
    ['https://user@xa.example.vn/', 'URL_WITH_CREDENTIALS'],
    ['https://:secret@xa.example.vn/', 'URL_WITH_CREDENTIALS'],
    ['https://xa.example.vn:5432/', 'PORT_REFUSED'],
    ['https://127.0.0.1/', 'ADDRESS_NOT_PUBLIC'],
    // Other ways to write 127.0.0.1 and 169.254.169.254.
    ['https://2130706433/', 'ADDRESS_NOT_PUBLIC'],
    ['https://0x7f.1/', 'ADDRESS_NOT_PUBLIC'],
    ['https://0251.0376.0251.0376/', 'ADDRESS_NOT_PUBLIC'],
    ['https://[::ffff:127.0.0.1]/', 'ADDRESS_NOT_PUBLIC'],
    ['https://[::1]/', 'ADDRESS_NOT_PUBLIC'],
    ['https://[::7f00:1]/', 'ADDRESS_NOT_PUBLIC'],
    ['https://[4000::1]/', 'ADDRESS_NOT_PUBLIC'],
  ])('%s: %s', (url, reason) => expect(urlProblem(url, strict)?.reason).toBe(reason));
});

/** DNS with these answers: addresses, or the code of an error. */
const dns =
  (answer: string[] | string): Resolve =>
  (_host, _options, callback) => {
    if (typeof answer === 'string') callback(Object.assign(new Error(answer), { code: answer }), []);
    else callback(null, answer.map(withFamily));
  };
const withFamily = (address: string) => ({ address, family: address.includes(':') ? 6 : 4 });

describe('the host of a URL in a request', () => {
  test.each([
    ['ENOTFOUND', 'HOST_UNKNOWN'],
    ['EAI_AGAIN', 'HOST_UNKNOWN'],
    [[], 'HOST_UNKNOWN'],
    [['203.162.4.190', '10.0.0.1'], 'ADDRESS_NOT_PUBLIC'],
  ])('that resolves to %j: %s', async (answer, reason) => {
    const refused = await checkUrl('https://xa.example.vn/hook', strict, dns(answer)).catch(
      (error: RefusalError) => error.refusal,
    );
    expect(refused).toMatchObject({
      kind: 'invalid-argument',
      reason,
      violations: [{ field: 'url', reason }],
    });
  });

  test('is resolved by DNS: .invalid is never there (RFC 2606)', async () => {
    await expect(checkUrl('https://xa.invalid/hook', strict)).rejects.toMatchObject({
      refusal: { reason: 'HOST_UNKNOWN', message: expect.stringContaining('cannot be resolved') },
    });
  });

  test('that is public is accepted', async () => {
    expect(await checkUrl('https://xa.example.vn', strict, dns(['203.162.4.190']))).toBe(
      'https://xa.example.vn/',
    );
  });
});

describe('connections', () => {
  const closing: (() => void)[] = [];
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  /** A receiver on this machine with a host name; `answers` are DNS's answers in turn, the last one for ever. */
  async function receiver(answers: string[][], rules: Partial<AddressRules> = {}) {
    let requests = 0;
    const server = createServer((_, answer) => {
      requests += 1;
      answer.end();
    }).listen(0, '127.0.0.1');
    await new Promise((done) => server.once('listening', done));
    let lookups = 0;
    const resolve: Resolve = (_host, _options, callback) => {
      const addresses = answers[Math.min(lookups, answers.length - 1)] ?? [];
      lookups += 1;
      callback(null, addresses.map(withFamily));
    };
    const all = { ...strict, allowHttp: true, ...rules };
    const client = createHttpClient({ clock: systemClock, rules: all, resolve, timeoutMs: 5_000 });
    closing.push(() => {
      client.close();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    return {
      send: (host = 'receiver.test') =>
        client.send({ url: `http://${host}:${port}/`, headers: {}, body: '{}' }),
      requests: () => requests,
      lookups: () => lookups,
    };
  }

  test('a name that now leads to a private address (DNS rebinding) is refused at the connection', async () => {
    const there = await receiver([['127.0.0.1']]);
    expect(await there.send()).toEqual({
      status: 0,
      text: 'not sent: receiver.test leads to an address that is not public',
      cause: 'ADDRESS_NOT_PUBLIC',
    });
    expect(there.requests()).toBe(0);
  });

  test('one private address among public ones refuses all', async () => {
    const there = await receiver([['203.162.4.190', '::ffff:127.0.0.1']]);
    expect((await there.send()).cause).toBe('ADDRESS_NOT_PUBLIC');
    expect(there.requests()).toBe(0);
  });

  test('an address in place of a name makes no lookup, and is refused as well', async () => {
    const there = await receiver([['203.162.4.190']]);
    for (const host of ['127.0.0.1', '[::ffff:127.0.0.1]', '2130706433'])
      expect((await there.send(host)).cause).toBe('ADDRESS_NOT_PUBLIC');
    expect(there.requests()).toBe(0);
    expect(there.lookups()).toBe(0);
  });

  test('a host without addresses is unknown', async () => {
    const there = await receiver([[]]);
    expect(await there.send()).toEqual({
      status: 0,
      text: 'not sent: host unknown: receiver.test',
      cause: 'HOST_UNKNOWN',
    });
  });

  test('a connection goes to the checked address: one lookup', async () => {
    const there = await receiver([['127.0.0.1'], ['192.0.2.1']], { allowPrivate: true });
    expect(await there.send()).toMatchObject({ status: 200 });
    expect([there.requests(), there.lookups()]).toEqual([1, 1]);
  });
});
