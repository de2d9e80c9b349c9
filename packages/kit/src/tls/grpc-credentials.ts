import { ServerCredentials } from '@grpc/grpc-js';
import type { Certificate } from './certificate.ts';
import { HANDSHAKE_MS, MIN_VERSION } from './key-pair.ts';
import type { ListenTls } from './listen-tls.ts';

/** Clients may show a certificate; whether it counts is decided at each call. */
const CLIENT_CERTIFICATES = { requestCert: true, rejectUnauthorized: false };

/** grpc-js reads the certificate once; these credentials give it each new one, for the connections from then on. */
class ReloadedCredentials extends ServerCredentials {
  constructor(certificate: Certificate) {
    super(
      { handshakeTimeout: HANDSHAKE_MS, minVersion: MIN_VERSION, ...CLIENT_CERTIFICATES },
      certificate.context(),
    );
    certificate.onChange((next) => this.updateSecureContextOptions(next));
  }

  override _equals(other: ServerCredentials): boolean {
    return this === other;
  }
}

export const serverCredentials = ({ certificate }: ListenTls): ServerCredentials =>
  certificate ? new ReloadedCredentials(certificate) : ServerCredentials.createInsecure();
