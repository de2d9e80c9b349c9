/**
 * Lets HAProxy read its configuration and certificates again when a file changes; running calls go on in the process
 * before.
 *
 *   node deploy/image/reload.ts <socket of HAProxy's master> <file>…
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { setTimeout } from 'node:timers/promises';

/** Secrets of Kubernetes arrive by a renamed folder, which notifications of the file system miss. */
const CHECK_MS = 1_000;
/** Each attempt starts a process of HAProxy. */
const RETRY_MS = 30_000;

const [socket, ...files] = process.argv.slice(2);
if (socket === undefined || files.length === 0) throw new Error('use: reload.ts <socket> <file>…');
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit());

const contents = () => files.map((file) => readFileSync(file, 'utf8')).join();
let loaded = contents();
console.log(`watching ${files.join(', ')}`);
for (let pauseMs = CHECK_MS; ; ) {
  await setTimeout(pauseMs);
  pauseMs = CHECK_MS;
  try {
    const found = contents();
    if (found === loaded) continue;
    const reply = await reload(socket);
    if (!/^Success=1$/m.test(reply)) throw new Error(reply);
    loaded = found;
    console.log('HAProxy has read its files again');
  } catch (error) {
    // HAProxy goes on with what it has.
    console.error(`HAProxy has not read its files again: ${(error as Error).message}`);
    pauseMs = RETRY_MS;
  }
}

/** The master replies after the new process has started, or could not. */
async function reload(path: string): Promise<string> {
  const connection = createConnection(path);
  await once(connection, 'connect');
  connection.end('reload\n');
  return Buffer.concat(await Array.fromAsync(connection)).toString();
}
