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

export const CHANNEL_OPTIONS = {
  // Detects a dead connection and replaces it. The defaults would wait for TCP and back off to 2 minutes.
  'grpc.keepalive_time_ms': 20_000,
  'grpc.keepalive_timeout_ms': 10_000,
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 2_000,
  'grpc.max_receive_message_length': 16 * 1024 * 1024,
};
