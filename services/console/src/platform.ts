import { type AgencyClient, type ClientTls, connectAgency, openChannel } from '@lienthong/client';

/** The platform, called for many people over one connection. */
export interface Platform {
  /** @param address from which the person calls, for the platform's limits; a proxy's header, as it came, before it */
  for(person: { token?: string | undefined; address: string }): AgencyClient;
  close(): void;
}

/** Of a call with its retries: somebody waits for the page. */
const TIMEOUT_MS = 8_000;

export function connectPlatform(options: { address: string; tls?: ClientTls | undefined }): Platform {
  const channel = openChannel(options);
  return {
    for: ({ token, address }) =>
      connectAgency({
        ...options,
        channel,
        timeoutMs: TIMEOUT_MS,
        ...(token !== undefined && { token: () => token }),
        metadata: { 'x-forwarded-for': address },
      }),
    close: () => channel.close(),
  };
}
