import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Where webhooks may be sent to. */
export interface AddressRules {
  /** Private, loopback and other addresses that are not public, and any port. */
  allowPrivate: boolean;
  /** http beside https. */
  allowHttp: boolean;
  ports: readonly number[];
  /** Certificate authorities trusted beside the usual ones; PEM. */
  authorities?: readonly string[] | undefined;
}

/** Public by its number, but the machine's own platform answers there (Azure). */
const PLATFORM = new Set(['168.63.129.16']);

/**
 * True for an address of the public Internet. Not public: private, loopback, link-local (169.254.169.254, the clouds'
 * metadata), multicast, carrier-grade NAT, documentation, and IPv6 addresses that carry an IPv4 address that is not.
 */
export function isPublic(address: string): boolean {
  const bare = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  if (!ipaddr.isValid(bare)) return false;
  // An IPv4-mapped address becomes the IPv4 address it stands for. NAT64, 6to4 and Teredo are ranges of their own.
  const parsed = ipaddr.process(bare);
  return parsed.range() === 'unicast' && !PLATFORM.has(parsed.toString());
}

/** Why a URL is refused as a webhook's address, without asking DNS; undefined when it is not. */
export function urlProblem(
  text: string,
  rules: AddressRules,
): { reason: string; description: string } | undefined {
  const url = URL.parse(text);
  if (url === null || text.length > 2_000)
    return { reason: 'URL_INVALID', description: 'must be an absolute URL of at most 2000 characters' };
  if (url.protocol !== 'https:' && !(rules.allowHttp && url.protocol === 'http:'))
    return { reason: 'URL_NOT_HTTPS', description: 'must begin with https://' };
  if (url.username !== '' || url.password !== '')
    return {
      reason: 'URL_WITH_CREDENTIALS',
      description: 'must not contain a user or password; check the signature instead',
    };
  if (url.hash !== '')
    return { reason: 'URL_INVALID', description: 'must not contain a fragment (#…), which is never sent' };
  if (!rules.allowPrivate && !rules.ports.includes(portOf(url)))
    return { reason: 'PORT_REFUSED', description: `must use one of the ports ${rules.ports.join(', ')}` };
  if (!rules.allowPrivate && literal(url) !== undefined && !isPublic(url.hostname)) return notPublic;
  return undefined;
}

export const notPublic = {
  reason: 'ADDRESS_NOT_PUBLIC',
  description: 'leads to an address that is not public; give one that can be reached from the Internet',
};

/** The connection was refused before it was made: where it would lead is not allowed. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

/** For a URL whose host is an address itself: a connection to it asks no lookup, so it is checked by itself. */
export function checkLiteral(url: URL, rules: AddressRules): void {
  if (!rules.allowPrivate && literal(url) !== undefined && !isPublic(url.hostname))
    throw new AddressRefused(`${url.hostname} is not a public address`);
}

/**
 * A lookup for sockets: what it resolves is checked and is what the socket connects to, so that a name which changes
 * its address between check and connection (DNS rebinding) gains nothing. One address that is not public refuses all.
 */
export function guardedLookup(
  rules: AddressRules,
  resolve: typeof systemLookup = systemLookup,
): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0);
      const bad = rules.allowPrivate ? undefined : addresses.find(({ address }) => !isPublic(address));
      const first = addresses[0];
      if (bad !== undefined || first === undefined)
        return callback(new AddressRefused(`${hostname} leads to an address that is not public`), '', 0);
      if (options.all) callback(null, addresses as never);
      else callback(null, first.address, first.family);
    });
  };
}

/** Resolves the host of a URL and says whether all its addresses are public; an unknown name is not. */
export function leadsToPublic(url: URL, resolve: typeof systemLookup = systemLookup): Promise<boolean> {
  if (literal(url) !== undefined) return Promise.resolve(isPublic(url.hostname));
  return new Promise((done) =>
    resolve(url.hostname, { all: true }, (error, addresses) =>
      done(error === null && addresses.length > 0 && addresses.every(({ address }) => isPublic(address))),
    ),
  );
}

const literal = (url: URL): string | undefined => {
  const bare = url.hostname.replace(/^\[|\]$/g, '');
  return ipaddr.isValid(bare) ? bare : undefined;
};

const portOf = (url: URL): number =>
  url.port !== '' ? Number(url.port) : url.protocol === 'http:' ? 80 : 443;
