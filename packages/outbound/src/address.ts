import type { LookupFunction } from 'node:net';
import { addressOf, isPublic } from './public-address.ts';
import { type Resolve, resolveBy } from './resolve.ts';

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
  if (!rules.allowPrivate && addressOf(url.hostname) !== undefined && !isPublic(url.hostname))
    return NOT_PUBLIC;
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
  if (!rules.allowPrivate && addressOf(url.hostname) !== undefined && !isPublic(url.hostname))
    throw new AddressRefused('ADDRESS_NOT_PUBLIC', `${url.hostname} is not a public address`);
}

/**
 * A lookup for sockets. The socket connects to the address that was checked, so a name that changes its address
 * between check and connection (DNS rebinding) gains nothing. One address that is not public refuses the host.
 */
export function guardedLookup(rules: AddressRules, resolve: Resolve = resolveBy(rules)): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, options, (error, addresses) => {
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
export function hostProblem(url: URL, resolve: Resolve): Promise<UrlProblem | undefined> {
  if (addressOf(url.hostname) !== undefined)
    return Promise.resolve(isPublic(url.hostname) ? undefined : NOT_PUBLIC);
  return new Promise((done) =>
    resolve(url.hostname, {}, (error, addresses) => {
      if (error || addresses.length === 0) return done(HOST_UNKNOWN);
      done(addresses.every(({ address }) => isPublic(address)) ? undefined : NOT_PUBLIC);
    }),
  );
}

const portOf = (url: URL): number =>
  url.port !== '' ? Number(url.port) : url.protocol === 'http:' ? 80 : 443;
