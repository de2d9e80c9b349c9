import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type AgencyClient, type ClientTls, connectAgency } from '@lienthong/client';
import {
  type Clock,
  type DueWorker,
  dueWorker,
  type ListenTls,
  type Logger,
  systemClock,
  type Worker,
} from '@lienthong/kit';
import type { Axis } from './axis/axis.ts';
import { httpAxis } from './axis/http-axis.ts';
import { type PushOptions, pushServer } from './axis/push.ts';
import { axisTransport } from './axis/transport.ts';
import type { SystemSettings } from './config.ts';
import { createEnvelopes } from './envelope/envelopes.ts';
import { folderTransport } from './folder/transport.ts';
import { createMemory } from './memory.ts';
import { createIntake } from './receive/intake.ts';
import { takePackages } from './receive/take.ts';
import { handOutPackages } from './send/hand-out.ts';
import type { System, SystemDeps } from './system.ts';

export interface EdxmlGatewayOptions {
  systems: readonly SystemSettings[];
  /** The gRPC server that is called; without `tls` in plain text. */
  platform: { address: string; tls?: ClientTls | undefined };
  /** How often folders are looked into. */
  checkMs: number;
  /** Where axes push packages; absent: nowhere. */
  push?: { listen: string; tls: ListenTls } | undefined;
  log: Logger;
  clock?: Clock;
}

export interface EdxmlGateway {
  /** Takes all packages that wait now; resolves to their number. */
  takeDue(): Promise<number>;
  /** Finishes the package in progress. */
  stop(): Promise<void>;
}

/** What all packages in progress may hold in memory. */
const MEMORY_BYTES = 512 * 1024 * 1024;

/** Exchanges packages of QCVN 102:2016 between document systems and the platform, through folders or an axis. */
export async function startEdxmlGateway(options: EdxmlGatewayOptions): Promise<EdxmlGateway> {
  const { log, checkMs, clock = systemClock } = options;
  const clients: AgencyClient[] = [];
  const axes: Axis[] = [];
  const taking: DueWorker[] = [];
  const workers: Worker[] = [];
  const pushing: PushOptions['systems'][number][] = [];
  const memory = createMemory(MEMORY_BYTES);
  const envelopes = createEnvelopes(options.systems.map(toSystem), log);

  function connect({ tokenFile, certificateFile, keyFile }: SystemSettings): AgencyClient {
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
    return client;
  }

  async function transportOf(system: System, settings: SystemSettings) {
    if (settings.axis === undefined) return folderTransport(system);
    const axis = httpAxis(settings.axis, clock, log);
    axes.push(axis);
    return axisTransport(axis, system, { clock, log });
  }

  for (const settings of options.systems) {
    const system = toSystem(settings);
    const { axis } = settings;
    const transport = await transportOf(system, settings);
    const deps: SystemDeps = {
      system,
      client: connect(settings),
      transport,
      envelopes,
      memory,
      clock,
      log,
    };
    const intake = createIntake(deps);
    const take = dueWorker({
      name: `edxml-in-${system.name}`,
      log,
      everyMs: axis ? axis.checkSeconds * 1000 : checkMs,
      work: ({ signal }) => takePackages(deps, intake, signal),
    });
    const handOut = dueWorker({
      name: `edxml-out-${system.name}`,
      log,
      everyMs: checkMs,
      work: ({ signal }) => handOutPackages(deps, signal),
    });
    taking.push(take);
    workers.push(take, handOut);
    if (axis?.pushTokenFile !== undefined)
      pushing.push({ name: system.name, tokenFile: axis.pushTokenFile, intake });
  }
  if (options.push) workers.push(pushServer({ ...options.push, log, memory, systems: pushing }));
  for (const worker of workers) await worker.start();
  return {
    async takeDue() {
      const taken = await Promise.all(taking.map((one) => one.runDue()));
      return taken.reduce((sum, one) => sum + one, 0);
    },
    async stop() {
      await Promise.all(workers.map((one) => one.stop()));
      await envelopes.stop();
      for (const one of [...clients, ...axes]) one.close();
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
  signatureRequired,
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
