import { BlockList, isIP } from 'node:net';
import type { Metadata } from 'nice-grpc-common';

/** By how many hexadecimal groups a subscriber's IPv6 addresses differ: one gets a /64 at least. */
const NETWORK_GROUPS = 4;

/** The address by which calls are counted: an IPv4 address, or the /64 of an IPv6 one. */
export function countedAddress(address: string): string {
  const bare = address.replace(/%.*$/, '').toLowerCase();
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(bare)?.[1];
  if (mapped !== undefined) return mapped;
  if (isIP(bare) !== 6) return bare;
  const [head = '', tail] = bare.split('::');
  const groups = head === '' ? [] : head.split(':');
  // The groups that "::" stands for are zeros; those behind it count when they reach into the network's part.
  if (tail !== undefined) {
    const behind = tail === '' ? [] : tail.split(':');
    while (groups.length + behind.length < 8) groups.push('0');
    groups.push(...behind);
  }
  const network = groups.slice(0, NETWORK_GROUPS).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(':')}::/64`;
}

/** How many addresses a test of blocks remembers. */
const REMEMBERED = 1_000;

/** A test for addresses in blocks, which are written 10.0.0.0/8 or as a single address. */
export function isIn(blocks: readonly string[]): (address: string) => boolean {
  if (blocks.length === 0) return () => false;
  const list = new BlockList();
  for (const block of blocks) {
    const [network = '', bits] = block.split('/');
    const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(network, family);
    else list.addSubnet(network, Number(bits), family);
  }
  // Every call asks, mostly for the same few proxies, and a check takes ten microseconds.
  const known = new Map<string, boolean>();
  return (address) => {
    let isInBlock = known.get(address);
    if (isInBlock === undefined) {
      isInBlock = list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
      if (known.size === REMEMBERED) known.clear();
      known.set(address, isInBlock);
    }
    return isInBlock;
  };
}

/** Finds the address that a call is counted by. */
export type AddressOfCall = (call: { peer: string; metadata: Metadata }) => string;

const FORWARDED = 'x-forwarded-for';

/**
 * The address by which a request is counted: the connection's; of a connection from a trusted proxy, the last address in
 * `x-forwarded-for` that no trusted proxy has: what stands before it, any caller can write.
 */
export function addressBehind(
  trustedProxies: readonly string[],
): (connected: string, forwarded: string) => string {
  const isProxy = isIn(trustedProxies);
  return (connected, forwarded) => {
    if (isIP(connected) === 0 || !isProxy(connected)) return countedAddress(connected);
    const passed = forwarded.split(',').map((one) => one.trim());
    const first = passed.findLast((address) => isIP(address) === 0 || !isProxy(address));
    return countedAddress(first !== undefined && isIP(first) !== 0 ? first : connected);
  };
}

/** The address at the other end of a connection, as gRPC names it with its port. */
export const connectedAddress = (peer: string): string =>
  peer.slice(0, peer.lastIndexOf(':')).replace(/^\[|\]$/g, '');

/** As `addressBehind`, for calls of gRPC. */
export function addressOfCall(trustedProxies: readonly string[]): AddressOfCall {
  const addressOf = addressBehind(trustedProxies);
  return ({ peer, metadata }) => addressOf(connectedAddress(peer), metadata.get(FORWARDED)?.toString() ?? '');
}
