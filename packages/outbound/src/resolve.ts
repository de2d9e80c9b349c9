import { type LookupAddress, Resolver, lookup as systemLookup } from 'node:dns';

/** Calls back with every address of a host, or an error. */
export type Resolve = (
  hostname: string,
  options: object,
  callback: (error: Error | null, addresses: LookupAddress[]) => void,
) => void;

/** One name server has this long for each of two attempts. */
const TIMEOUT_MS = 2_000;
/** Names that always mean this machine and are not asked of name servers (RFC 6761, section 6.3). */
const LOCALHOST = /(^|\.)localhost\.?$/i;

/**
 * Resolves public names by DNS alone. The system's resolver has two threads for the whole process, so that a few hosts
 * with a slow name server would delay every other lookup; here a query waits for nobody.
 * @param servers the name servers, as address:port; by default those of the system
 */
export function dnsResolve(servers?: readonly string[], timeoutMs = TIMEOUT_MS): Resolve {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 2 });
  if (servers) resolver.setServers(servers);
  return (hostname, _, callback) => {
    if (LOCALHOST.test(hostname)) return callback(null, [{ address: '127.0.0.1', family: 4 }]);
    const found: LookupAddress[] = [];
    let waitingFor = 2;
    const collect = (family: 4 | 6) => (error: Error | null, addresses: string[]) => {
      if (!error) found.push(...addresses.map((address) => ({ address, family })));
      waitingFor -= 1;
      if (waitingFor === 0) callback(found.length === 0 ? error : null, found);
    };
    resolver.resolve4(hostname, collect(4));
    resolver.resolve6(hostname, collect(6));
  };
}

/** Where private addresses are allowed, the system may know names that DNS does not (/etc/hosts). */
const systemResolve: Resolve = (hostname, options, callback) =>
  systemLookup(hostname, { ...options, all: true }, callback);
const publicResolve = dnsResolve();

export const resolveBy = ({ allowPrivate }: { allowPrivate: boolean }): Resolve =>
  allowPrivate ? systemResolve : publicResolve;
