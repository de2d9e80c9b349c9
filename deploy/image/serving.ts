import { connect, type OutgoingHttpHeaders, type SecureClientSessionOptions } from 'node:http2';

const TIMEOUT_MS = 15_000;
/** A HealthCheckRequest for the whole process: no field, so the frame is its header alone (compression, length). */
const REQUEST = Buffer.from([0, 0, 0, 0, 0]);
/** A HealthCheckResponse with the status SERVING. */
const SERVING = Buffer.from([0, 0, 0, 0, 2, 0x08, 1]);

/**
 * Requests grpc.health.v1 over HTTP/2 itself: to load a gRPC library takes longer than everything else, at each check.
 * @throws Error with the reason, unless the server serves
 */
export async function requireServing(
  url: string,
  tls: SecureClientSessionOptions,
  headers: OutgoingHttpHeaders = {},
): Promise<void> {
  const session = connect(url, tls);
  try {
    const failed = new Promise<never>((_, reject) => {
      session.setTimeout(TIMEOUT_MS, () => reject(new Error(`no reply within ${TIMEOUT_MS} ms`)));
      session.on('error', reject);
    });
    const call = session.request({
      ':method': 'POST',
      ':path': '/grpc.health.v1.Health/Check',
      'content-type': 'application/grpc',
      te: 'trailers',
      ...headers,
    });
    let status: number | undefined;
    call.on('response', (response) => {
      status = response[':status'];
    });
    call.end(REQUEST);
    const reply = Buffer.concat(await Promise.race([Array.fromAsync(call), failed]));
    if (status !== 200) throw new Error(`not serving: HTTP status ${status}`);
    if (!reply.equals(SERVING)) throw new Error(`not serving: ${reply.toString('hex') || 'an empty reply'}`);
  } finally {
    session.destroy();
  }
}
