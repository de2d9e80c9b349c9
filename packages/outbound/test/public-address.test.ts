import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPublic } from '../src/index.ts';

/**
 * https://www.iana.org/assignments/iana-ipv4-special-registry and -ipv6-special-registry: address block and name.
 * Multicast is in registries of its own.
 */
const SPECIAL_IPV4 = {
  '0.0.0.0/8': 'This network',
  '0.0.0.0/32': 'This host on this network',
  '10.0.0.0/8': 'Private-Use',
  '100.64.0.0/10': 'Shared Address Space',
  '127.0.0.0/8': 'Loopback',
  '169.254.0.0/16': 'Link Local',
  '172.16.0.0/12': 'Private-Use',
  '192.0.0.0/24': 'IETF Protocol Assignments',
  '192.0.0.0/29': 'IPv4 Service Continuity Prefix',
  '192.0.0.8/32': 'IPv4 dummy address',
  '192.0.0.9/32': 'Port Control Protocol Anycast',
  '192.0.0.10/32': 'Traversal Using Relays around NAT Anycast',
  '192.0.0.170/32': 'NAT64/DNS64 Discovery',
  '192.0.0.171/32': 'NAT64/DNS64 Discovery',
  '192.0.2.0/24': 'Documentation (TEST-NET-1)',
  '192.31.196.0/24': 'AS112-v4',
  '192.52.193.0/24': 'AMT',
  '192.88.99.0/24': 'Deprecated (6to4 Relay Anycast)',
  '192.88.99.2/32': '6a44-relay anycast address',
  '192.168.0.0/16': 'Private-Use',
  '192.175.48.0/24': 'Direct Delegation AS112 Service',
  '198.18.0.0/15': 'Benchmarking',
  '198.51.100.0/24': 'Documentation (TEST-NET-2)',
  '203.0.113.0/24': 'Documentation (TEST-NET-3)',
  '224.0.0.0/4': 'Multicast',
  '240.0.0.0/4': 'Reserved',
  '255.255.255.255/32': 'Limited Broadcast',
};
/** The IPv4-mapped block is apart: the system connects to the IPv4 address. */
const SPECIAL_IPV6 = {
  '::1/128': 'Loopback Address',
  '::/128': 'Unspecified Address',
  '64:ff9b::/96': 'IPv4-IPv6 Translation',
  '64:ff9b:1::/48': 'IPv4-IPv6 Translation',
  '100::/64': 'Discard-Only Address Block',
  '100:0:0:1::/64': 'Dummy IPv6 Prefix',
  '2001::/23': 'IETF Protocol Assignments',
  '2001::/32': 'TEREDO',
  '2001:1::1/128': 'Port Control Protocol Anycast',
  '2001:1::2/128': 'Traversal Using Relays around NAT Anycast',
  '2001:1::3/128': 'DNS-SD Service Registration Protocol Anycast',
  '2001:2::/48': 'Benchmarking',
  '2001:3::/32': 'AMT',
  '2001:4:112::/48': 'AS112-v6',
  '2001:10::/28': 'Deprecated (previously ORCHID)',
  '2001:20::/28': 'ORCHIDv2',
  '2001:30::/28': 'Drone Remote ID Protocol Entity Tags (DETs) Prefix',
  '2001:db8::/32': 'Documentation',
  '2002::/16': '6to4',
  '2620:4f:8000::/48': 'Direct Delegation AS112 Service',
  '3fff::/20': 'Documentation',
  '5f00::/16': 'Segment Routing (SRv6) SIDs',
  'fc00::/7': 'Unique-Local',
  'fe80::/10': 'Link-Local Unicast',
  'ff00::/8': 'Multicast',
};
/** Blocks that IANA has given to regional registries, one of each; Vietnam's addresses are APNIC's. */
const ALLOCATED_IPV6 = ['2001:200::/23', '2400::/12', '2600::/12', '2800::/12', '2a00::/12', '2c00::/12'];

const [BITS4, BITS6] = [32, 128];
const toIpv4 = (n: bigint): string => [24n, 16n, 8n, 0n].map((by) => (n >> by) & 255n).join('.');
const toIpv6 = (n: bigint): string =>
  Array.from({ length: 8 }, (_, i) => ((n >> BigInt(112 - 16 * i)) & 0xffffn).toString(16)).join(':');
const fromIpv4 = (text: string): bigint => text.split('.').reduce((n, part) => (n << 8n) + BigInt(part), 0n);
function fromIpv6(text: string): bigint {
  const [head = [], tail = []] = text
    .split('::')
    .map((half) => half.split(':').filter((part) => part !== ''));
  const gap = Array.from({ length: 8 - head.length - tail.length }, () => '0');
  return [...head, ...gap, ...tail].reduce((n, part) => (n << 16n) + BigInt(`0x${part}`), 0n);
}

/** The first and the last number of a block. */
function rangeOf(block: string): [bigint, bigint] {
  const [network = '', prefix = ''] = block.split('/');
  const first = network.includes(':') ? fromIpv6(network) : fromIpv4(network);
  const size = 1n << BigInt((network.includes(':') ? BITS6 : BITS4) - Number(prefix));
  return [first, first + size - 1n];
}
const isIn = (n: bigint, blocks: readonly string[]): boolean =>
  blocks.some((block) => {
    const [first, last] = rangeOf(block);
    return n >= first && n <= last;
  });
const within = (block: string): fc.Arbitrary<bigint> => {
  const [min, max] = rangeOf(block);
  return fc.oneof(fc.constant(min), fc.constant(max), fc.bigInt({ min, max }));
};
const anyOf = (blocks: readonly string[]) => fc.oneof(...blocks.map(within));

const special4 = Object.keys(SPECIAL_IPV4);
const special6 = Object.keys(SPECIAL_IPV6);

describe('public addresses', () => {
  test.each(Object.entries(SPECIAL_IPV4))('none is in %s, %s', (block) => {
    fc.assert(fc.property(within(block), (n) => !isPublic(toIpv4(n))));
  });

  test.each(Object.entries(SPECIAL_IPV6))('none is in %s, %s', (block) => {
    fc.assert(fc.property(within(block), (n) => !isPublic(toIpv6(n))));
  });

  test('every other IPv4 address is public, but the one of Azure', () => {
    const all = [...special4, '168.63.129.16/32'];
    // Also the neighbours of each block.
    const near = anyOf(special4.map((block) => `${block.split('/')[0]}/6`)).map((n) => BigInt.asUintN(32, n));
    const some = fc.oneof(within('0.0.0.0/0'), near);
    fc.assert(fc.property(some, (n) => isPublic(toIpv4(n)) === !isIn(n, all)));
  });

  test('none is outside 2000::/3', () => {
    fc.assert(fc.property(within('::/0'), (n) => isIn(n, ['2000::/3']) || !isPublic(toIpv6(n))));
  });

  test('every other IPv6 address that was allocated is public', () => {
    const some = anyOf(ALLOCATED_IPV6);
    fc.assert(fc.property(some, (n) => isPublic(toIpv6(n)) === !isIn(n, special6)));
  });

  /** Where an IPv6 address holds an IPv4 one: its bits from the right. */
  const carriers: Record<string, (n: bigint) => bigint> = {
    'IPv4-compatible': (n) => n,
    NAT64: (n) => fromIpv6('64:ff9b::') + n,
    'local NAT64': (n) => fromIpv6('64:ff9b:1::') + n,
    '6to4': (n) => fromIpv6('2002::') + (n << 80n) + 1n,
    'Teredo client': (n) => fromIpv6('2001::') + (n ^ 0xffffffffn),
    'Teredo server': (n) => fromIpv6('2001::') + (n << 64n),
    'SIIT, RFC 2765': (n) => fromIpv6('::ffff:0:0:0') + n,
  };
  test.each(Object.entries(carriers))('none carries an IPv4 address: %s', (_, carry) => {
    fc.assert(fc.property(within('0.0.0.0/0'), (n) => !isPublic(toIpv6(carry(n)))));
  });

  test('an IPv4-mapped address is its IPv4 address', () => {
    const some = fc.oneof(within('0.0.0.0/0'), anyOf(special4));
    fc.assert(
      fc.property(some, (n) => {
        expect(isPublic(`::ffff:${toIpv4(n)}`)).toBe(isPublic(toIpv4(n)));
        expect(isPublic(toIpv6(fromIpv6('::ffff:0:0') + n))).toBe(isPublic(toIpv4(n)));
      }),
    );
  });

  test.each([
    ...['[::7f00:1]', '100:0:0:1::1', '4000::1', 'fe80::1%eth0', 'no address', '', '1.2.3', '01.2.3.4'],
    ...['168.63.129.16', '::ffff:168.63.129.16'],
  ])('%s is none', (address) => expect(isPublic(address)).toBe(false));

  test.each(['203.162.4.190', '8.8.8.8', '[2405:4800::1]', '::ffff:8.8.8.8', '172.32.0.1', '100.128.0.1'])(
    '%s is one',
    (address) => expect(isPublic(address)).toBe(true),
  );
});
