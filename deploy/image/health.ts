/**
 * Exits with 0 when the service of this container serves, by grpc.health.v1 at LISTEN. It speaks HTTP/2 itself: to load a
 * gRPC library takes longer than everything else, at each check.
 */
import { connect } from 'node:http2';
import { env } from 'node:process';

const TIMEOUT_MS = 4_000;
/** A HealthCheckRequest for the whole process: no field, so the frame is its header alone (compression, length). */
const REQUEST = Buffer.from([0, 0, 0, 0, 0]);
/** A HealthCheckResponse with the status SERVING. */
const SERVING = Buffer.from([0, 0, 0, 0, 2, 0x08, 1]);

// To connect to 0.0.0.0 or [::] is to connect to this machine.
const address = env.LISTEN || '127.0.0.1:50051';
const scheme = env.TLS_CERT_FILE ? 'https' : 'http';
// The certificate is not checked: it is for other names, and the connection stays in the container.
const session = connect(`${scheme}://${address}`, { rejectUnauthorized: false });
session.setTimeout(TIMEOUT_MS, () => fail(`no reply within ${TIMEOUT_MS} ms`));
session.on('error', (error) => fail(error.message));

const call = session.request({
  ':method': 'POST',
  ':path': '/grpc.health.v1.Health/Check',
  'content-type': 'application/grpc',
  te: 'trailers',
});
call.on('error', (error) => fail(error.message));
call.end(REQUEST);
const reply = Buffer.concat(await Array.fromAsync(call));
if (!reply.equals(SERVING)) fail(`not serving: ${reply.toString('hex') || 'an empty reply'}`);
session.close();

function fail(why: string): never {
  console.error(why);
  process.exit(1);
}
