import { createSecureContext } from 'node:tls';
import { ChannelCredentials } from 'nice-grpc';

/** TLS 1.3 to the platform; each is PEM. */
export interface ClientTls {
  /** The authorities that the platform's certificate is checked against, instead of the system's. */
  ca?: string | Buffer;
  /** The certificate of the calling system and its key. */
  cert?: string | Buffer;
  key?: string | Buffer;
}

/** @throws when a certificate or key cannot be read, or they do not belong together */
export const toCredentials = (tls: ClientTls | undefined): ChannelCredentials =>
  tls === undefined
    ? ChannelCredentials.createInsecure()
    : ChannelCredentials.createFromSecureContext(createSecureContext({ ...tls, minVersion: 'TLSv1.3' }));
