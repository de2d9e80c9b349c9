import { Metadata } from 'nice-grpc';
import { expect, test } from 'vitest';
import { addressOfCall, countedAddress, isIn } from '../../src/limits/address.ts';

test.each([
  ['203.162.4.190', '203.162.4.190'],
  ['::ffff:203.162.4.190', '203.162.4.190'],
  ['2405:4800:1:2:3:4:5:6', '2405:4800:1:2::/64'],
  ['2405:4800:1:2::6', '2405:4800:1:2::/64'],
  ['2405:4800::2:3:4:5:6', '2405:4800:0:2::/64'],
  ['2405:4800::1', '2405:4800:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
])('%s is counted as %s', (address, counted) => expect(countedAddress(address)).toBe(counted));

const from = (peer: string, forwarded?: string, proxies = ['10.0.0.0/8', '2405:4800::1']) =>
  addressOfCall(proxies)({
    peer,
    metadata: Metadata(forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }),
  });

test.each([
  ['a stranger that writes the header', '203.162.4.190:5000', '8.8.8.8', '203.162.4.190'],
  ['a proxy', '10.0.0.1:5000', '8.8.8.8', '8.8.8.8'],
  ['an address that the caller wrote before', '10.0.0.1:5000', '1.1.1.1, 8.8.8.8', '8.8.8.8'],
  ['two proxies', '10.0.0.1:5000', '1.1.1.1, 8.8.8.8, 10.0.0.2', '8.8.8.8'],
  ['a proxy by IPv6', '[2405:4800::1]:5000', '2001:db8:1:2::3', '2001:db8:1:2::/64'],
  ['a proxy by IPv6 without brackets', '2405:4800::1:5000', '8.8.8.8', '8.8.8.8'],
  ['a proxy that writes no header', '10.0.0.1:5000', undefined, '10.0.0.1'],
  ['a proxy that writes no address', '10.0.0.1:5000', 'unknown', '10.0.0.1'],
])('%s', (_, peer, forwarded, counted) => expect(from(peer, forwarded)).toBe(counted));

test('without trusted proxies the connection counts', () => {
  expect(from('10.0.0.1:5000', '8.8.8.8', [])).toBe('10.0.0.1');
});

test('a block has the same addresses when they are asked for again, and after many others', () => {
  const isProxy = isIn(['10.0.0.0/8']);
  for (const round of [1, 2]) {
    expect(isProxy('10.0.0.1'), `round ${round}`).toBe(true);
    expect(isProxy('11.0.0.1'), `round ${round}`).toBe(false);
    for (let n = 0; n < 2_000; n += 1) {
      expect(isProxy(`10.1.${n >> 8}.${n & 255}`)).toBe(true);
      expect(isProxy(`12.1.${n >> 8}.${n & 255}`)).toBe(false);
    }
  }
});
