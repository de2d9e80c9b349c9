import type { Clock, Logger } from '@lienthong/kit';
import { createHttpClient } from '@lienthong/outbound';
import { ocspEndOf } from '@lienthong/signatures';
import { type Fresh, freshCache } from './fresh-cache.ts';

/** From the name of the responder to the end of its response. */
const TIMEOUT_MS = 3_000;
const MAX_RESPONSE_BYTES = 32 * 1024;
/** A responder that gives no usable response is called again after this time. */
const RETRY_MS = 30_000;
const MAX_KEPT = 10_000;

export interface OcspReply extends Fresh {
  /** DER; undefined: the responder gives none. */
  response: Uint8Array | undefined;
}

/** The service of authorities that says whether certificates are revoked (OCSP, RFC 6960). */
export interface OcspResponder {
  /** Never rejects. A response is kept until its next update. @param request DER */
  call(request: Uint8Array): Promise<OcspReply>;
  /** Its response to the request does not count, for example because another key has signed it. */
  discard(request: Uint8Array): OcspReply;
  close(): void;
}

/** @param url of the settings: no certificate says where it is */
export function createOcspResponder(
  url: string,
  { clock, log }: { clock: Clock; log: Logger },
): OcspResponder {
  const http = createHttpClient({ clock, timeoutMs: TIMEOUT_MS, readBytes: MAX_RESPONSE_BYTES });
  const replies = freshCache<OcspReply>(clock, MAX_KEPT);

  const none = (cause: string): OcspReply => {
    log.warn({ cause }, 'no usable response of the OCSP responder');
    return { response: undefined, until: clock.now().getTime() + RETRY_MS };
  };

  async function send(request: Uint8Array): Promise<OcspReply> {
    const { status, bytes, cause } = await http.send({
      url,
      headers: { 'content-type': 'application/ocsp-request', accept: 'application/ocsp-response' },
      body: { sizeBytes: request.length, read: () => once(request) },
    });
    if (status !== 200 || bytes === undefined) return none(cause);
    try {
      const retryAt = clock.now().getTime() + RETRY_MS;
      return { response: bytes, until: Math.max(ocspEndOf(bytes), retryAt) };
    } catch {
      // It is no response, or one without a status: "unauthorized", "try later".
      return none('OCSP_WITHOUT_STATUS');
    }
  }

  return {
    call: (request) => replies.get(keyOf(request), () => send(request)),
    discard(request) {
      const reply = none('OCSP_NOT_BELIEVED');
      replies.set(keyOf(request), reply);
      return reply;
    },
    close: () => http.close(),
  };
}

/** A key of maps: the same certificate makes the same request. */
export const keyOf = (der: Uint8Array): string => Buffer.from(der).toString('base64');

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
