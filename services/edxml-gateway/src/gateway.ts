import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type AgencyClient, type ClientTls, connectAgency } from '@lienthong/client';
import { type Clock, type DueWorker, dueWorker, type Logger, systemClock } from '@lienthong/kit';
import type { SystemSettings } from './config.ts';
import { createEnvelopes } from './envelope/envelopes.ts';
import { makeFolders } from './folder/files.ts';
import { takePackages } from './folder/in.ts';
import { handOutPackages } from './folder/out.ts';
import type { System, SystemDeps } from './system.ts';

export interface EdxmlGatewayOptions {
  systems: readonly SystemSettings[];
  /** The gRPC server that is called; without `tls` in plain text. */
  platform: { address: string; tls?: ClientTls | undefined };
  /** How often folders are looked into. */
  checkMs: number;
  log: Logger;
  clock?: Clock;
}

export interface EdxmlGateway {
  /** Takes all packages that are in folders now; resolves to their number. */
  takeDue(): Promise<number>;
  /** Finishes the package in progress. */
  stop(): Promise<void>;
}

/** Exchanges packages of QCVN 102:2016 between the folders of document systems and the platform. */
export async function startEdxmlGateway(options: EdxmlGatewayOptions): Promise<EdxmlGateway> {
  const { log, checkMs, clock = systemClock } = options;
  const clients: AgencyClient[] = [];
  const taking: DueWorker[] = [];
  const workers: DueWorker[] = [];
  const envelopes = createEnvelopes(options.systems.map(toSystem), log);
  for (const { tokenFile, certificateFile, keyFile, ...settings } of options.systems) {
    const system = toSystem(settings);
    await makeFolders(system);
    const tls = options.platform.tls && {
      ...options.platform.tls,
      ...(certificateFile && keyFile && { cert: readFileSync(certificateFile), key: readFileSync(keyFile) }),
    };
    const client = connectAgency({
      address: options.platform.address,
      tls,
      // Read for each call: a renewed token replaces the file.
      ...(tokenFile && { token: async () => (await readFile(tokenFile, 'utf8')).trim() }),
    });
    clients.push(client);
    const deps: SystemDeps = { system, client, envelopes, clock, log };
    const take = dueWorker({
      name: `edxml-in-${system.name}`,
      log,
      everyMs: checkMs,
      work: ({ signal }) => takePackages(deps, signal),
    });
    const handOut = dueWorker({
      name: `edxml-out-${system.name}`,
      log,
      everyMs: checkMs,
      work: ({ signal }) => handOutPackages(deps, signal),
    });
    taking.push(take);
    workers.push(take, handOut);
  }
  for (const worker of workers) await worker.start();
  return {
    async takeDue() {
      const taken = await Promise.all(taking.map((one) => one.runDue()));
      return taken.reduce((sum, one) => sum + one, 0);
    },
    async stop() {
      await Promise.all(workers.map((one) => one.stop()));
      await envelopes.stop();
      for (const client of clients) client.close();
    },
  };
}

const toSystem = ({
  name,
  agencyId,
  folder,
  signingKeyFile,
  signingCertificateFile,
  authoritiesFile,
  crlFile,
  signatureRequired = false,
}: SystemSettings): System => ({
  name,
  agencyId,
  folder,
  signing:
    signingKeyFile === undefined || signingCertificateFile === undefined
      ? undefined
      : { keyFile: signingKeyFile, certificateFile: signingCertificateFile },
  trust: authoritiesFile === undefined ? undefined : { authoritiesFile, crlFile },
  signatureRequired,
});
