import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Which addresses a request may reach. */
export interface AddressRules {
  /** Allows private, loopback and other addresses that are not public, and every port. */
  allowPrivate: boolean;
  /** Allows http beside https. */
  allowHttp: boolean;
  ports: readonly number[];
  /** Certificate authorities trusted beside the system's; PEM. */
  authorities?: readonly string[] | undefined;
}

/** Public by its number, but Azure's platform answers there from inside each machine. */
const PLATFORM = new Set(['168.63.129.16']);

/**
 * True for an address of the public Internet. Not public: private, loopback, link-local (169.254.169.254 is the clouds'
 * metadata service), multicast, carrier-grade NAT, documentation, and an IPv6 address that carries such an IPv4 address.
 */
export function isPublic(address: string): boolean {
  const bare = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  if (!ipaddr.isValid(bare)) return false;
  // `process` turns an IPv4-mapped address into its IPv4 address. NAT64, 6to4 and Teredo are ranges of their own.
  const parsed = ipaddr.process(bare);
  return parsed.range() === 'unicast' && !PLATFORM.has(parsed.toString());
}

/** What is wrong with a URL. */
export interface UrlProblem {
  reason: string;
  description: string;
}

/** What is wrong with a URL by its text alone; undefined when nothing is. */
export function urlProblem(text: string, rules: AddressRules): UrlProblem | undefined {
  const url = URL.parse(text);
  if (url === null || text.length > 2_000)
    return { reason: 'URL_INVALID', description: 'must be an absolute URL of at most 2000 characters' };
  if (url.protocol !== 'https:' && !(rules.allowHttp && url.protocol === 'http:'))
    return { reason: 'URL_NOT_HTTPS', description: 'must begin with https://' };
  if (url.username !== '' || url.password !== '')
    return {
      reason: 'URL_WITH_CREDENTIALS',
      description: 'must not contain a user or password; verify the signature instead',
    };
  if (url.hash !== '')
    return { reason: 'URL_INVALID', description: 'must not contain a fragment (#…); it is never sent' };
  if (!rules.allowPrivate && !rules.ports.includes(portOf(url)))
    return { reason: 'PORT_REFUSED', description: `must use one of the ports ${rules.ports.join(', ')}` };
  if (!rules.allowPrivate && literal(url) !== undefined && !isPublic(url.hostname)) return NOT_PUBLIC;
  return undefined;
}

const NOT_PUBLIC: UrlProblem = {
  reason: 'ADDRESS_NOT_PUBLIC',
  description: 'leads to an address that is not public; use one that can be reached from the Internet',
};

const HOST_UNKNOWN: UrlProblem = {
  reason: 'HOST_UNKNOWN',
  description: 'names a host that cannot be resolved; check its spelling and its DNS record',
};

/** A connection that was not opened because of its host or address. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
  readonly reason: 'HOST_UNKNOWN' | 'ADDRESS_NOT_PUBLIC';
  constructor(reason: AddressRefused['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Checks a URL whose host is an address: a connection to it makes no lookup. Throws AddressRefused. */
export function checkLiteral(url: URL, rules: AddressRules): void {
  if (!rules.allowPrivate && literal(url) !== undefined && !isPublic(url.hostname))
    throw new AddressRefused('ADDRESS_NOT_PUBLIC', `${url.hostname} is not a public address`);
}

/**
 * A lookup for sockets. The socket connects to the address that was checked, so a name that changes its address
 * between check and connection (DNS rebinding) gains nothing. One address that is not public refuses the host.
 */
export function guardedLookup(
  rules: AddressRules,
  resolve: typeof systemLookup = systemLookup,
): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses = []) => {
      const [first] = addresses;
      if (error || first === undefined)
        return callback(new AddressRefused('HOST_UNKNOWN', `host unknown: ${hostname}`), '', 0);
      if (!rules.allowPrivate && !addresses.every(({ address }) => isPublic(address)))
        return callback(
          new AddressRefused('ADDRESS_NOT_PUBLIC', `${hostname} leads to an address that is not public`),
          '',
          0,
        );
      if (options.all) callback(null, addresses as never);
      else callback(null, first.address, first.family);
    });
  };
}

/** What is wrong with the host of a URL by what it resolves to now; undefined when all its addresses are public. */
export function hostProblem(
  url: URL,
  resolve: typeof systemLookup = systemLookup,
): Promise<UrlProblem | undefined> {
  if (literal(url) !== undefined) return Promise.resolve(isPublic(url.hostname) ? undefined : NOT_PUBLIC);
  return new Promise((done) =>
    resolve(url.hostname, { all: true }, (error, addresses = []) => {
      if (error || addresses.length === 0) return done(HOST_UNKNOWN);
      done(addresses.every(({ address }) => isPublic(address)) ? undefined : NOT_PUBLIC);
    }),
  );
}

const literal = (url: URL): string | undefined => {
  const bare = url.hostname.replace(/^\[|\]$/g, '');
  return ipaddr.isValid(bare) ? bare : undefined;
};

const portOf = (url: URL): number =>
  url.port !== '' ? Number(url.port) : url.protocol === 'http:' ? 80 : 443;
