/**
 * Exits with 0 when the service of this container serves: by grpc.health.v1 at LISTEN, the REST gateway and the
 * console by /health. The edXML gateway serves nothing: it runs when /metrics answers.
 */
import { get as getPlain } from 'node:http';
import { get as getSecure } from 'node:https';
import { env } from 'node:process';
import { requireServing } from './serving.ts';

// To connect to 0.0.0.0 or [::] is to connect to this machine.
const address = env.LISTEN || '127.0.0.1:50051';
const scheme = env.TLS_CERT_FILE ? 'https' : 'http';
try {
  // The certificate is not checked: it is for other names, and the connection stays in the container.
  const trust = { rejectUnauthorized: false };
  if (env.SERVICE === 'rest-gateway') await requireHealth(`${scheme}://${env.REST_LISTEN}/health`, trust);
  else if (env.SERVICE === 'console') await requireHealth(`${scheme}://${env.CONSOLE_LISTEN}/health`, trust);
  else if (env.SERVICE === 'edxml-gateway')
    await requireHealth(`${scheme}://${env.METRICS_LISTEN}/metrics`, trust);
  else await requireServing(`${scheme}://${address}`, trust);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

function requireHealth(url: string, trust: object): Promise<void> {
  const get = url.startsWith('https:') ? getSecure : getPlain;
  return new Promise((resolve, reject) => {
    const request = get(url, { ...trust, timeout: 4_000 }, (response) => {
      response.resume();
      if (response.statusCode === 200) resolve();
      else reject(new Error(`not serving: HTTP status ${response.statusCode}`));
    });
    request.once('timeout', () => request.destroy(new Error('no reply within 4000 ms')));
    request.once('error', reject);
  });
}
