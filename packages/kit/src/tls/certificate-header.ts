import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import type { Metadata } from 'nice-grpc-common';
import { connectedAddress, isIn } from '../limits/address.ts';
import type { ShownCertificate } from './client-certificates.ts';

/** RFC 9440: the certificate that the client of a proxy has shown, with proof that it has the key. */
const HEADER = 'client-cert';

/**
 * The certificate that a call's system has shown to one of the proxies. Only a connection from these addresses says
 * anything: everywhere else any caller can write the header. Which authorities count is the proxy's matter.
 */
export function certificateFromProxies(
  proxies: readonly string[],
): (call: { peer: string; metadata: Metadata }) => ShownCertificate | undefined {
  const isProxy = isIn(proxies);
  return ({ peer, metadata }) => {
    const connected = connectedAddress(peer);
    if (isIP(connected) === 0 || !isProxy(connected)) return undefined;
    const sent = metadata.getAll(HEADER);
    if (sent.length === 0) return undefined;
    // What has not the form of the RFC is a certificate too: one that nobody has registered, so it is refused.
    const text = sent.join(', ');
    const encoded = /^:([A-Za-z0-9+/]+={0,2}):$/.exec(text)?.[1];
    const der = encoded === undefined ? Buffer.from(text) : Buffer.from(encoded, 'base64');
    return { fingerprint: createHash('sha256').update(der).digest('hex'), isTrusted: true };
  };
}
