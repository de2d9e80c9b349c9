import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { freePort } from '@lienthong/embedded';
import { startProcess } from '../process.ts';
import { type Peer, versionOf } from './peer.ts';

const READY_MS = 30_000;

/**
 * Restate as it comes, on one machine: a virtual object for each case, which keeps what has been done. Its server logs to
 * disk with fsync before it answers.
 * @param modules what `installPeers` returned
 */
export async function startRestate(modules: string, dataDir: string): Promise<Peer> {
  const program = createRequire(modules).resolve('@restatedev/restate-server/lib/index.js');
  const service = await startProcess(new URL('restate-service.ts', import.meta.url), /listens (\S+)/, {
    PEER_MODULES: modules,
  });
  const [ingress, admin, node] = await Promise.all([freePort(), freePort(), freePort()]);
  const at = (port: number) => `127.0.0.1:${port}`;
  const server = spawn(process.execPath, [program, '--base-dir', dataDir, '--no-logo'], {
    env: {
      ...process.env,
      RESTATE_LISTEN_MODE: 'tcp',
      RESTATE_BIND_ADDRESS: at(node),
      RESTATE_INGRESS__BIND_ADDRESS: at(ingress),
      RESTATE_ADMIN__BIND_ADDRESS: at(admin),
      RESTATE_DISABLE_TELEMETRY: 'true',
      RESTATE_LOG_FILTER: 'error',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const stop = async () => {
    server.kill('SIGTERM');
    if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
    await service.stop();
  };
  try {
    await register(`http://${at(admin)}`, `http://${service.line}`);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    name: `Restate ${versionOf('@restatedev/restate-server')}`,
    urlOf: (caseId, command) => new URL(`http://${at(ingress)}/Case/${caseId}/${command}`),
    stop,
  };
}

/** Tells the server where the service is, as soon as the server is up. */
async function register(admin: string, uri: string): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  for (const until = Date.now() + READY_MS; ; ) {
    try {
      const response = await fetch(`${admin}/deployments`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ uri }),
      });
      if (response.ok) return;
      throw new Error(`Restate refused the service: ${response.status} ${await response.text()}`);
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
