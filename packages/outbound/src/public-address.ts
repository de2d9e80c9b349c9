import { BlockList, isIP } from 'node:net';

/**
 * Every block of IANA's IPv4 and IPv6 Special-Purpose Address Registries, and multicast. Blocks that the registries call
 * globally reachable are among them: they belong to services of the network (6to4, NAT64, AS112), not to receivers.
 */
const SPECIAL_IPV4 = blockList('ipv4', [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/24', '192.0.2.0/24', '192.31.196.0/24', '192.52.193.0/24', '192.88.99.0/24'],
  ...['192.168.0.0/16', '192.175.48.0/24', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ...['224.0.0.0/4', '240.0.0.0/4'],
  // Public by its number, but Azure's platform answers there from inside each machine.
  '168.63.129.16/32',
]);
/** Those within global unicast. */
const SPECIAL_IPV6 = blockList('ipv6', [
  ...['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20'],
]);
/** The addresses from which IANA allocates global unicast (RFC 4291, 2.4). */
const GLOBAL_UNICAST = blockList('ipv6', ['2000::/3']);
/** An IPv4 address in the form of an IPv6 one: the system connects to the IPv4 address. */
const IPV4_MAPPED = blockList('ipv6', ['::ffff:0:0/96']);

function blockList(family: 'ipv4' | 'ipv6', blocks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const block of blocks) {
    const [network = '', bits] = block.split('/');
    list.addSubnet(network, Number(bits), family);
  }
  return list;
}

/** The address that the host of a URL is, without brackets and zone; undefined for a name. */
export function addressOf(host: string): string | undefined {
  const bare = host.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  return isIP(bare) === 0 ? undefined : bare;
}

/** True for a global unicast address that is in no special-purpose block. */
export function isPublic(host: string): boolean {
  const address = addressOf(host);
  if (address === undefined) return false;
  if (isIP(address) === 4) return !SPECIAL_IPV4.check(address, 'ipv4');
  // A block list compares a mapped address with its IPv4 blocks.
  if (IPV4_MAPPED.check(address, 'ipv6')) return !SPECIAL_IPV4.check(address, 'ipv6');
  return GLOBAL_UNICAST.check(address, 'ipv6') && !SPECIAL_IPV6.check(address, 'ipv6');
}
