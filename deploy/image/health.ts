/** Exits with 0 when the service of this container serves, by grpc.health.v1 at LISTEN. */
import { env } from 'node:process';
import { requireServing } from './serving.ts';

// To connect to 0.0.0.0 or [::] is to connect to this machine.
const address = env.LISTEN || '127.0.0.1:50051';
const scheme = env.TLS_CERT_FILE ? 'https' : 'http';
try {
  // The certificate is not checked: it is for other names, and the connection stays in the container.
  await requireServing(`${scheme}://${address}`, { rejectUnauthorized: false });
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
