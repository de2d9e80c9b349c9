/** Runs the service that SERVICE names; the container's command. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { env } from 'node:process';

const services = join(import.meta.dirname, '../../services');
const name = env.SERVICE ?? '';
// Standalone starts servers of its own, which the image does not have.
const names = readdirSync(services).filter(
  (one) => one !== 'standalone' && existsSync(join(services, one, 'src/main.ts')),
);
if (names.includes(name)) await import(join(services, name, 'src/main.ts'));
else {
  console.error(`SERVICE is ${name || 'missing'}; it must be one of ${names.join(', ')}`);
  process.exitCode = 1;
}
