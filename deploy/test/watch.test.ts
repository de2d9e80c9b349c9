import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { certificate, scrape } from '@lienthong/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { read } from './support/compose-file.ts';
import { startWatch } from './support/watch.ts';

/** As Prometheus' node exporter takes them, too. */
const DRILL = `# TYPE lienthong_backup_drill_success_timestamp_seconds gauge
lienthong_backup_drill_success_timestamp_seconds 1795000000
# TYPE lienthong_backup_drill_lost_seconds gauge
lienthong_backup_drill_lost_seconds 4.5
`;

async function gateway() {
  const { cert, key } = certificate({ names: ['lienthong.example.vn'] });
  const server = createServer({ cert, key, ALPNProtocols: ['h2'] }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, address: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}

test('it shows the certificate of the gateway, disks and the last drill, each while it can be read', async () => {
  const { server, address } = await gateway();
  const watch = await startWatch(address);
  onTestFinished(() => watch.stop());
  const show = () => scrape(watch.address);

  const first = await show();
  const days = first.value('lienthong_gateway_certificate_valid') ?? 0;
  expect(days).toBeGreaterThan(0);
  const disk = { disk: 'nats postgres' };
  expect(first.values('lienthong_disk_size')).toHaveLength(1);
  const size = first.value('lienthong_disk_size', disk) ?? 0;
  expect(first.value('lienthong_disk_free', disk)).toBeGreaterThan(0);
  expect(first.value('lienthong_disk_free', disk)).toBeLessThan(size);
  expect(first.value('lienthong_backup_drill_success_timestamp_seconds')).toBeUndefined();

  watch.writeDrill(DRILL);
  server.close();
  const then = await show();
  expect(then.value('lienthong_backup_drill_success_timestamp_seconds')).toBe(1_795_000_000);
  expect(then.value('lienthong_backup_drill_lost_seconds')).toBe(4.5);
  expect(then.value('lienthong_gateway_certificate_valid')).toBeUndefined();
  expect(then.value('lienthong_disk_size', disk)).toBe(size);
});

test('the page lists every metric that it adds, and no other', async () => {
  const { server, address } = await gateway();
  onTestFinished(() => void server.close());
  const watch = await startWatch(address);
  onTestFinished(() => watch.stop());
  watch.writeDrill(DRILL);
  const [, section = ''] = read('docs/observability.md').split('## Metrics of the machine');
  const listed = [...section.matchAll(/^\| `(lienthong[a-z._]+)`/gm)].map(([, name = '']) =>
    name.replaceAll('.', '_'),
  );
  const shown = (await scrape(watch.address)).names().filter((name) => name.startsWith('lienthong_'));
  expect(shown.sort()).toEqual(listed.sort());
});
