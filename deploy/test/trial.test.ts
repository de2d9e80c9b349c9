import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newCode, newUnits, PROVINCE_CODE } from '@lienthong/sample-data';
import { freePort } from '@lienthong/testkit';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { read } from './support/compose-file.ts';
import { buildImage, docker, hasImage, IMAGE, type Project, project, whyNoEngine } from './support/engine.ts';
import { type Clients, clientsOf, letterTo } from './support/installation.ts';

const MINUTES = 60_000;
const PATIENT = { timeout: 2 * MINUTES, interval: 1_000 };
const COMMUNE = newCode(newUnits[0] as (typeof newUnits)[number]);
const why = whyNoEngine();
if (why !== undefined) console.log(`skipped: ${why}`);

const isHere = (container: string): boolean => {
  const here = why === undefined && hasImage(container);
  if (why === undefined && !here) console.log(`skipped: there is no image for ${container}`);
  return here;
};
const beside = ['mail', 'collector', 'prometheus', 'grafana'].filter(isHere);
const without = (container: string) => !beside.includes(container);

const json = async (url: string) => {
  const response = await fetch(url);
  expect(response.status, url).toBe(200);
  return JSON.parse(await response.text());
};

describe.skipIf(why !== undefined)('the trial on a Docker engine', () => {
  let running: Project;
  let clients: Clients;

  const tokenOf = (...options: string[]) =>
    running.compose('run', '--rm', '-T', 'sample', 'services/standalone/src/token.ts', ...options);
  const clerkOf = async (code: string) => {
    const token = await tokenOf('--agency', code, '--roles', 'clerk');
    return clients.connect(() => token);
  };
  const containerOf = async (name: string) => (await running.containers(name))[0] as string;

  beforeAll(async () => {
    await buildImage(IMAGE);
    const port = await freePort();
    running = project({ port, block: 252, files: ['compose.yaml', 'compose.trial.yaml'] });
    mkdirSync(join(running.folder, 'config'));
    clients = clientsOf(running, port);
    await running.compose('up', '-d', 'gateway', 'sample', 'watch', ...beside);
  }, 15 * MINUTES);
  afterAll(async () => {
    clients?.close();
    await running?.remove();
  }, 5 * MINUTES);

  test(
    'one command loads the sample data, and a token that it prints is accepted',
    async () => {
      const sample = await containerOf('sample');
      const state = async () => JSON.parse(await docker('inspect', sample))[0].State;
      await vi.waitFor(async () => expect((await state()).Status).toBe('exited'), PATIENT);
      expect((await state()).ExitCode, await docker('logs', sample)).toBe(0);
      const sender = await clerkOf(PROVINCE_CODE);
      const { deliveries } = await sender.routing.issueDocument(letterTo(COMMUNE));
      expect(deliveries).toHaveLength(1);
      const { procedures } = await sender.procedures.searchProcedures({ text: 'khai sinh' });
      expect(procedures.length).toBeGreaterThan(0);
    },
    5 * MINUTES,
  );

  test.skipIf(without('mail'))(
    'the clerk who gets a document gets a mail, which the mail container shows',
    async () => {
      const recipient = await clerkOf(COMMUNE);
      await recipient.notifications.setContact({ contact: { email: 'van-thu@example.vn' } });
      const sender = await clerkOf(PROVINCE_CODE);
      await sender.routing.issueDocument(letterTo(COMMUNE));
      const { messages } = await vi.waitFor(async () => {
        const found = await json('http://127.0.0.1:8025/api/v1/search?query=to:van-thu@example.vn');
        expect(found.messages.length).toBeGreaterThan(0);
        return found;
      }, PATIENT);
      const mail = await json(`http://127.0.0.1:8025/api/v1/message/${messages[0].ID}`);
      expect(mail.Subject).toMatch(/^Văn bản đến: .*UBND-VP/);
    },
    5 * MINUTES,
  );

  test.skipIf(without('prometheus'))(
    'Prometheus reads every service, the gateway and what watch sees, and has the alerts',
    async () => {
      const services = read('deploy/gateway/services.lst').trim().split('\n');
      await vi.waitFor(async () => {
        const { data } = await json('http://127.0.0.1:9090/api/v1/targets?state=active');
        const targets = data.activeTargets as { health: string; lastError: string; labels: Labels }[];
        const up = targets
          .filter(({ health }) => health === 'up')
          .map(({ labels }) => labels.service ?? labels.job);
        expect(up.sort(), JSON.stringify(targets.map(({ lastError }) => lastError))).toEqual(
          ['gateway', 'watch', ...services].sort(),
        );
      }, PATIENT);
      const sampleOf = async (query: string) => {
        const { data } = await json(`http://127.0.0.1:9090/api/v1/query?query=${query}`);
        return Number(data.result[0]?.value[1]);
      };
      await vi.waitFor(async () => {
        expect(await sampleOf('min({__name__=~"lienthong_gateway_certificate_valid.*"})')).toBeGreaterThan(
          80,
        );
        expect(await sampleOf('min({__name__=~"lienthong_disk_free.*"})')).toBeGreaterThan(0);
      }, PATIENT);
      const { data } = await json('http://127.0.0.1:9090/api/v1/rules?type=alert');
      const rules = data.groups.flatMap(({ rules }: { rules: { name: string; health: string }[] }) => rules);
      const alerts = [...read('deploy/telemetry/alerts.yaml').matchAll(/^ *- alert: (\w+)$/gm)].map(String);
      expect(rules.length).toBeGreaterThan(10);
      expect(rules).toHaveLength(alerts.length);
    },
    5 * MINUTES,
  );

  test.skipIf(without('collector'))(
    'the collector keeps traces of documents in its volume, and operators find them by the document',
    async () => {
      const sender = await clerkOf(PROVINCE_CODE);
      const token = await tokenOf('--roles', 'admin');
      const { traces } = clients.connect(() => token);
      // One trace in ten is kept.
      await vi.waitFor(async () => {
        await sender.routing.issueDocument(letterTo(COMMUNE));
        const file = join(running.folder, 'traces.json');
        await docker('cp', `${await containerOf('collector')}:/traces/traces.json`, file);
        const [, documentId = ''] =
          /"lienthong\.document","value":\{"stringValue":"([^"]+)"/.exec(readFileSync(file, 'utf8')) ?? [];
        expect(documentId).not.toBe('');
        const found = await traces.findTraces({ documentId });
        expect(found.traces.length).toBeGreaterThan(0);
      }, PATIENT);
    },
    5 * MINUTES,
  );

  test.skipIf(without('grafana'))('Grafana has the dashboards', async () => {
    await vi.waitFor(async () => {
      const found = await json('http://127.0.0.1:3000/api/search?type=dash-db');
      expect(found).toHaveLength(4);
    }, PATIENT);
  });

  test('what runs beside the services has not ended', async () => {
    for (const name of ['watch', ...beside]) {
      const { State, RestartCount } = JSON.parse(await docker('inspect', await containerOf(name)))[0];
      expect({ State: State.Status, RestartCount }, name).toEqual({ State: 'running', RestartCount: 0 });
    }
  });
});

type Labels = Readonly<Record<string, string>>;
