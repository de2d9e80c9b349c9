import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newCode, newUnits, PROVINCE_CODE } from '@lienthong/sample-data';
import { freePort } from '@lienthong/testkit';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { buildImage, docker, IMAGE, type Project, project, whyNoEngine } from './support/engine.ts';
import { type Clients, clientsOf, letterTo } from './support/installation.ts';

const MINUTES = 60_000;
const COMMUNE = newCode(newUnits[0] as (typeof newUnits)[number]);
const why = whyNoEngine();
if (why !== undefined) console.log(`skipped: ${why}`);

describe.skipIf(why !== undefined)('backups on a Docker engine', () => {
  let running: Project;
  let clients: Clients;
  const documents: string[] = [];

  const repository = async (...args: string[]) => {
    const [postgres = ''] = await running.containers('postgres');
    return await docker('exec', postgres, 'repository', ...args);
  };
  const sender = async () => {
    const token = await running.compose(
      'run',
      '--rm',
      '-T',
      'sample',
      'services/standalone/src/token.ts',
      '--agency',
      PROVINCE_CODE,
      '--roles',
      'clerk',
    );
    return clients.connect(() => token);
  };
  const issue = async () => {
    const { document } = await (await sender()).routing.issueDocument(letterTo(COMMUNE));
    documents.push(document?.id as string);
  };

  beforeAll(async () => {
    await buildImage(IMAGE);
    const port = await freePort();
    const files = ['compose.yaml', 'compose.trial.yaml', 'compose.backup.yaml'];
    running = project({ port, block: 253, files });
    mkdirSync(join(running.folder, 'config'));
    clients = clientsOf(running, port);
    await running.compose('build', 'postgres');
    await running.compose('up', '-d', 'gateway');
    await running.compose('run', '--rm', '-T', 'sample');
  }, 20 * MINUTES);
  afterAll(async () => {
    clients?.close();
    await running?.remove();
  }, 5 * MINUTES);

  test(
    'a backup is made, and a drill restores and checks it while the platform runs',
    async () => {
      await issue();
      await repository('stanza-create');
      await repository('check');
      await repository('backup', '--type=full');
      await running.run('backup/drill');
      const result = readFileSync(join(running.folder, 'metrics/backup-drill.prom'), 'utf8');
      expect(result).toMatch(/^lienthong_backup_drill_success_timestamp_seconds \d+/m);
      expect(await running.containers('drill-postgres')).toEqual([]);
    },
    10 * MINUTES,
  );

  test(
    'after the data is gone a restore brings everything back that was acknowledged, and the services go on',
    async () => {
      await issue();
      await running.compose('stop');
      const [postgres = ''] = await running.containers('postgres');
      const [{ Mounts }] = JSON.parse(await docker('inspect', postgres)) as [{ Mounts: Mount[] }];
      const volume = Mounts.find(({ Destination }) => Destination === '/var/lib/postgresql');
      await running.compose('rm', '--force', 'postgres');
      await docker('volume', 'rm', volume?.Name ?? '');
      await running.compose('run', '--rm', '-T', 'restore');
      await running.compose('up', '-d', 'postgres', 'nats');
      await running.compose('run', '--rm', '-T', 'reconcile');
      await running.compose('run', '--rm', '-T', 'reconcile', '--yes');
      await running.compose('up', '-d', 'gateway');
      const client = await sender();
      for (const documentId of documents) {
        const { deliveries } = await client.routing.listDeliveries({ documentId });
        expect(deliveries, documentId).toHaveLength(1);
      }
      await vi.waitFor(issue, { timeout: MINUTES, interval: 1_000 });
    },
    15 * MINUTES,
  );
});

interface Mount {
  Name: string;
  Destination: string;
}
