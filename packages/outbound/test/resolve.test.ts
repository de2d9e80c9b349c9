import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dnsResolve, type Resolve } from '../src/index.ts';

const [A, AAAA] = [1, 28];
const server = createSocket('udp4');
let resolve: Resolve;
let silent = 0;

/** Answers with one address of each family; never for names of `slow.test`. */
beforeAll(async () => {
  server.on('message', (query, from) => {
    const end = query.indexOf(0, 12);
    if (query.toString('latin1', 12, end).includes('slow')) {
      silent += 1;
      return;
    }
    const type = query.readUInt16BE(end + 1);
    const address =
      type === A ? Buffer.from([203, 162, 4, 190]) : Buffer.from('24054800000000000000000000000001', 'hex');
    const isMissing = query.toString('latin1', 12, end).includes('missing') || ![A, AAAA].includes(type);
    const header = Buffer.from(query.subarray(0, 12));
    header.writeUInt16BE(isMissing ? 0x8183 : 0x8180, 2);
    header.writeUInt16BE(isMissing ? 0 : 1, 6);
    header.writeUInt32BE(0, 8);
    const question = query.subarray(12, end + 5);
    const answer = Buffer.concat([
      Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 0, 0, address.length]),
      address,
    ]);
    server.send(Buffer.concat([header, question, ...(isMissing ? [] : [answer])]), from.port, from.address);
  });
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  resolve = dnsResolve([`127.0.0.1:${server.address().port}`], 1_500);
});
afterAll(() => server.close());

const addressesOf = (host: string) =>
  new Promise<string[]>((done, reject) =>
    resolve(host, {}, (error, found) => (error ? reject(error) : done(found.map((one) => one.address)))),
  );

test('a host has the addresses of both families', async () => {
  expect((await addressesOf('xa.example.vn')).toSorted()).toEqual(['203.162.4.190', '2405:4800::1']);
});

test('a host that is unknown is an error', async () => {
  await expect(addressesOf('missing.example.vn')).rejects.toMatchObject({ code: 'ENOTFOUND' });
});

test.each(['localhost', 'LOCALHOST', 'a.localhost', 'localhost.'])('%s is this machine', async (host) => {
  expect(await addressesOf(host)).toEqual(['127.0.0.1']);
});

test('100 hosts with a silent name server delay no other lookup, and end', async () => {
  let ended = 0;
  const slow = Array.from({ length: 100 }, (_, i) =>
    addressesOf(`a${i}.slow.test`).catch(({ code }) => {
      ended += 1;
      return code;
    }),
  );
  while (silent < 200) await setTimeout(5);
  for (let i = 0; i < 20; i += 1) expect(await addressesOf(`b${i}.example.vn`)).toHaveLength(2);
  expect(ended).toBe(0);
  expect(new Set(await Promise.all(slow))).toEqual(new Set(['ETIMEOUT']));
});
