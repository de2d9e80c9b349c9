import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AgencyClient, connectAgency } from '@lienthong/client';
import { DeliveryStatus } from '@lienthong/contracts/routing';
import { type Caller, type DevelopmentIssuer, developmentIssuer, vietnamDate } from '@lienthong/kit';
import {
  appointSampleOfficers,
  loadOldOrder,
  mergeDepartments,
  mergeProvinces,
  newCode,
  newUnits,
  officersOf,
  PROVINCE_CODE,
  resolve,
} from '@lienthong/sample-data';
import { freePort } from '@lienthong/testkit';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { buildImage, docker, type Project, project, whyNoEngine } from './support/engine.ts';

const MINUTES = 60_000;
const IMAGE = 'lien-thong:test';
const MIB = 2 ** 20;
const why = whyNoEngine();
if (why !== undefined) console.log(`skipped: ${why}`);

describe.skipIf(why !== undefined)('on a Docker engine', () => {
  const today = vietnamDate(new Date());
  let running: Project;
  let issuer: DevelopmentIssuer;
  let port: number;
  const clients: AgencyClient[] = [];

  const connect = (caller: Caller) => {
    const client = connectAgency({
      address: `localhost:${port}`,
      tls: { ca: readFileSync(join(running.folder, 'keys/gateway/ca.pem')) },
      token: () => issuer.issue(caller),
    });
    clients.push(client);
    return client;
  };
  const administrator = () =>
    connect({ agencyId: '', officerId: 'administrator', roles: ['admin', 'auditor'] });
  /** The clerk of an agency of the sample data. */
  const clerkOf = async (code: string) => {
    const admin = administrator();
    const agencyId = (await resolve(admin, code, today)) as string;
    const officers = await officersOf(admin, agencyId, today);
    const { id = '', roles = [] } = officers?.clerk ?? {};
    return connect({ agencyId, officerId: id, roles: roles as Caller['roles'] });
  };

  beforeAll(async () => {
    await buildImage(IMAGE);
    port = await freePort();
    running = project(IMAGE, port);
    const config = join(running.folder, 'config');
    mkdirSync(config);
    issuer = await developmentIssuer();
    await issuer.publish(config);
  }, 15 * MINUTES);
  afterAll(async () => {
    for (const client of clients) client.close();
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

  let documentId: string;

  test(
    'one command brings everything up, and the main story goes through the published port',
    async () => {
      await running.compose('up', '-d', 'gateway');
      const admin = administrator();
      await loadOldOrder(admin);
      await mergeDepartments(admin);
      await mergeProvinces(admin);
      await appointSampleOfficers(admin, today);
      const commune = newCode(newUnits[0] as (typeof newUnits)[number]);
      const [sender, recipient] = [await clerkOf(PROVINCE_CODE), await clerkOf(commune)];
      const issued = await vi.waitFor(
        () =>
          sender.routing.issueDocument({
            notation: 'UBND-VP',
            type: 'CV',
            subject: 'V/v công khai thủ tục hành chính',
            signer: { competence: 'KT. CHỦ TỊCH', position: 'Phó Chủ tịch', fullName: 'Nguyễn Văn Mẫu' },
            recipients: [{ recipient: { $case: 'code', value: { scheme: '', code: commune } } }],
          }),
        { timeout: MINUTES, interval: 500 },
      );
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
