/**
 * Exits with 0 when services serve through the gateway.
 *
 *   node deploy/image/smoke.ts <url of the gateway> <name in its certificate> <service>…
 *     CA_FILE, where that file is there, has the authority of the certificate; otherwise the system's count.
 */
import { existsSync, readFileSync } from 'node:fs';
import { env } from 'node:process';
import { requireServing } from './serving.ts';

const [url, servername, ...services] = process.argv.slice(2);
if (url === undefined || servername === undefined || services.length === 0)
  throw new Error('use: smoke.ts <url of the gateway> <name in its certificate> <service>…');
const ca = env.CA_FILE && existsSync(env.CA_FILE) ? { ca: readFileSync(env.CA_FILE) } : {};
for (const service of services) {
  try {
    await requireServing(url, { servername, ...ca }, { 'lien-thong-service': service });
    console.log(`${service} serves`);
  } catch (error) {
    console.error(`${service}: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}
