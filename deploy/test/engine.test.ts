import { X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { get } from 'node:https';
import { join } from 'node:path';
import { certificateProof, connectAgency } from '@lienthong/client';
import { DeliveryStatus } from '@lienthong/contracts/routing';
import { type DevelopmentIssuer, developmentIssuer } from '@lienthong/kit';
import {
  appointSampleOfficers,
  loadOldOrder,
  mergeDepartments,
  mergeProvinces,
  newCode,
  newUnits,
  PROVINCE_CODE,
} from '@lienthong/sample-data';
import { certificate, freePort, refusalOf } from '@lienthong/testkit';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { root } from './support/compose-file.ts';
import { buildImage, docker, IMAGE, type Project, project, whyNoEngine } from './support/engine.ts';
import { type Clients, clientsOf, letterTo, today } from './support/installation.ts';

const MINUTES = 60_000;
const MIB = 2 ** 20;
const why = whyNoEngine();
if (why !== undefined) console.log(`skipped: ${why}`);

/** A program that lists an inbox without a token and with a header of its own, and prints the status of gRPC. */
const forge = (address: string, header: string) => `
  const session = require('node:http2').connect('http://${address}');
  const call = session.request({ ':method': 'POST', ':path': '/lienthong.routing.v1.DocumentRoutingService/ListInbox',
    'content-type': 'application/grpc', te: 'trailers', 'client-cert': ${JSON.stringify(header)} });
  const print = (headers) => headers['grpc-status'] && console.log(headers['grpc-status']);
  call.on('response', print).on('trailers', print).on('close', () => session.close()).resume();
  call.end(Buffer.alloc(5));`;

describe.skipIf(why !== undefined)('on a Docker engine', () => {
  let running: Project;
  let port: number;
  let issuer: DevelopmentIssuer;
  let clients: Clients;

  /** A client of the clerk of an agency. */
  const clerkOf = async (code: string) => {
    const caller = await clients.clerkOf(issuer, code);
    return clients.connect(() => issuer.issue(caller));
  };

  beforeAll(async () => {
    await buildImage(IMAGE);
    port = await freePort();
    running = project({ port, block: 250 });
    clients = clientsOf(running, port);
    const config = join(running.folder, 'config');
    mkdirSync(config);
    issuer = await developmentIssuer();
    await issuer.publish(config);
  }, 15 * MINUTES);
  afterAll(async () => {
    clients?.close();
    await running?.remove();
  }, 5 * MINUTES);

  test(
    'the image adds at most 60 MiB to its base, has no shell and no npm, and runs as nobody of note',
    async () => {
      const layers = await docker(
        'history',
        '--no-trunc',
        '--human=false',
        '--format',
        '{{.Size}} {{.CreatedBy}}',
        IMAGE,
      );
      const lines = layers.split('\n');
      const own = lines.slice(
        0,
        lines.findIndex((line) => line.includes('org.opencontainers.image.title')),
      );
      const added = own.reduce((sum, line) => sum + Number(line.split(' ')[0]), 0);
      expect(added).toBeGreaterThan(MIB);
      expect(added / MIB).toBeLessThan(60);
      const { Config } = JSON.parse(await docker('inspect', IMAGE))[0];
      expect(Config.User).toBe('1000:1000');
      for (const program of ['sh', 'bash', 'npm', 'npx'])
        await expect(docker('run', '--rm', '--entrypoint', program, IMAGE), program).rejects.toThrow(
          /not found/,
        );
      const list = await docker('run', '--rm', IMAGE, '-p', 'fs.readFileSync("sbom.cdx.json", "utf8")');
      const { components } = JSON.parse(list) as { components: { name: string }[] };
      expect(components.map(({ name }) => name)).toEqual(expect.arrayContaining(['pg', 'nice-grpc', 'zod']));
    },
    2 * MINUTES,
  );

  test(
    'a second build that takes nothing from the first one gives the same files, times and settings',
    async () => {
      const again = `${IMAGE}-again`;
      await buildImage(again, '--no-cache');
      const tree = (image: string) =>
        docker(
          'run',
          '--rm',
          '--user=0',
          `--volume=${join(root, 'deploy/test/support/tree.ts')}:/tree.ts:ro`,
          image,
          '/tree.ts',
        );
      const [one, other] = [await tree(IMAGE), await tree(again)].map((text) => text.split('\n'));
      expect(one?.length).toBeGreaterThan(2_000);
      expect(other?.filter((line, n) => line !== one?.[n])).toEqual([]);
      expect(other?.length).toBe(one?.length);
      const settings = async (image: string) => JSON.parse(await docker('inspect', image))[0].Config;
      const { Image: _, ...first } = await settings(IMAGE);
      expect(await settings(again)).toMatchObject(first);
      await docker('rmi', again);
    },
    10 * MINUTES,
  );

  let documentId: string;

  test(
    'one command brings everything up, and the main story goes through the published port',
    async () => {
      await running.compose('up', '-d', 'gateway');
      const admin = clients.admin(issuer);
      await loadOldOrder(admin);
      await mergeDepartments(admin);
      await mergeProvinces(admin);
      await appointSampleOfficers(admin, today);
      const commune = newCode(newUnits[0] as (typeof newUnits)[number]);
      const [sender, recipient] = [await clerkOf(PROVINCE_CODE), await clerkOf(commune)];
      const issued = await vi.waitFor(() => sender.routing.issueDocument(letterTo(commune)), {
        timeout: MINUTES,
        interval: 500,
      });
      documentId = issued.document?.id as string;
      const [item] = await Array.fromAsync(recipient.inbox({ filter: { notYetArrived: true } }));
      expect(item?.document?.id).toBe(documentId);
      await recipient.routing.reportStatus({
        deliveryId: item?.delivery?.id,
        status: DeliveryStatus.ARRIVED,
      });
      // Feed and audit have it from NATS.
      await vi.waitFor(
        async () => {
          const { entries } = await admin.audit.listEntries({ filter: { documentId } });
          expect(entries.length).toBeGreaterThanOrEqual(2);
        },
        { timeout: MINUTES, interval: 500 },
      );
    },
    10 * MINUTES,
  );

  test(
    'a system calls by its certificate through the gateway, and by no header that it or a neighbour writes',
    async () => {
      const clerk = await clients.clerkOf(issuer, PROVINCE_CODE);
      const { cert, key } = certificate({ commonName: 'e-office' });
      const system = { agencyId: clerk.agencyId, system: 'e-office', certificate: cert };
      const header = `:${new X509Certificate(cert).raw.toString('base64')}:`;
      await clients
        .admin(issuer)
        .certificates.registerCertificate({ ...system, proof: certificateProof(system, key) });
      const ca = readFileSync(join(running.folder, 'keys/gateway/ca.pem'));
      const connect = (options: object) => connectAgency({ address: `localhost:${port}`, ...options });
      const [known, forging, unknown] = [
        connect({ tls: { ca, cert, key } }),
        connect({ tls: { ca }, metadata: { 'client-cert': header } }),
        connect({ tls: { ca, ...certificate() }, metadata: { 'client-cert': header } }),
      ];
      try {
        await vi.waitFor(() => known.routing.listInbox({ pageSize: 1 }), { timeout: MINUTES, interval: 500 });
        const list = (client: typeof known) => refusalOf(client.routing.listInbox({ pageSize: 1 }));
        expect(await list(forging)).toMatchObject({ reason: 'TOKEN_MISSING' });
        expect(await list(unknown)).toMatchObject({ reason: 'CERTIFICATE_UNKNOWN' });
      } finally {
        for (const client of [known, forging, unknown]) client.close();
      }
      // Another container, straight to the service and through the port for programs of the installation.
      for (const address of ['document-routing:50051', 'gateway:50052'])
        expect(
          await running.compose('exec', '-T', 'feed', 'node', '-e', forge(address, header)),
          address,
        ).toBe('16');
    },
    2 * MINUTES,
  );

  test(
    'the API as JSON over HTTP and the pages come through the published ports',
    async () => {
      await running.compose('up', '-d', 'rest-gateway', 'console');
      const ca = readFileSync(join(running.folder, 'keys/gateway/ca.pem'));
      for (const [inside, path] of [
        ['50080', '/health'],
        ['50080', '/openapi.json'],
        ['50080', '/docs/swagger-ui-bundle.js'],
        ['50090', '/thu-tuc'],
      ] as const) {
        const [, outside = ''] = (await running.compose('port', 'gateway', inside)).split(':');
        const status = () =>
          new Promise<number | undefined>((resolve, reject) => {
            const options = { host: 'localhost', port: outside, path, ca };
            get(options, (response) => resolve(response.resume().statusCode)).once('error', reject);
          });
        await expect.poll(status, { timeout: MINUTES, interval: 500 }).toBe(200);
      }
    },
    5 * MINUTES,
  );

  test('nothing but the gateway is published, and all containers are healthy', async () => {
    const ids = (await running.compose('ps', '-q')).split('\n');
    const containers = JSON.parse(await docker('inspect', ...ids)) as {
      Name: string;
      State: { Status: string; ExitCode: number; Health?: { Status: string } };
      HostConfig: { PortBindings: Record<string, { HostIp: string }[]> | null };
    }[];
    for (const { Name, State, HostConfig } of containers) {
      if (State.Status === 'exited') expect(State.ExitCode, Name).toBe(0);
      else expect(State.Health?.Status ?? 'healthy', Name).toBe('healthy');
      const bound = Object.values(HostConfig.PortBindings ?? {}).flat();
      for (const { HostIp } of bound) expect(HostIp, Name).toBe('127.0.0.1');
    }
  });

  test(
    'what was acknowledged is there after down and up',
    async () => {
      await running.compose('down');
      await running.compose('up', '-d', 'gateway');
      const sender = await clerkOf(PROVINCE_CODE);
      const { deliveries } = await sender.routing.listDeliveries({ documentId });
      expect(deliveries.map(({ status }) => status)).toEqual([DeliveryStatus.ARRIVED]);
    },
    10 * MINUTES,
  );
});
