import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { certificateProof, connectAgency } from '@lienthong/client';
import { LodgeDossierRequest } from '@lienthong/contracts/casework';
import { Start } from '@lienthong/contracts/feed';
import { MessageChannel, Topic } from '@lienthong/contracts/notification';
import { type Collector, certificate, scrape, signingAuthority, startCollector } from '@lienthong/testkit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { expressions, labelsIn, metricsIn } from '../../../deploy/test/support/promql.ts';
import { startWatch } from '../../../deploy/test/support/watch.ts';
import { tokenAsPrinted } from './support/tokens.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/observability.md'), 'utf8');

/** Names in the first column of the table under a heading. */
function documented(heading: string): string[] {
  const [, section = ''] = page.split(new RegExp(`^## ${heading}$`, 'm'));
  const [upToNext = ''] = section.split(/^## /m);
  const cells = [...upToNext.matchAll(/^\| (`.*?) \|/gm)].map(([, cell]) => cell ?? '');
  return [...new Set(cells.flatMap((cell) => [...cell.matchAll(/`(.*?)`/g)].map(([, name]) => name ?? '')))];
}
const sorted = (names: Iterable<string>) => [...new Set(names)].sort();

let dataDir: string;
let collector: Collector;
let child: ChildProcess;
let code: string;
let exposed: string[];
/** What the platform and the program that watches its machine show. */
let shown: readonly Awaited<ReturnType<typeof scrape>>[];
const lines: Record<string, unknown>[] = [];
let secrets: string[];

/** Connections to this port are refused. */
const NO_RECEIVER = 'http://127.0.0.1:9/su-kien';
/** Of a witness that nobody runs. */
const WITNESS_KEY = 'nhan-chung.test/1+f5b669ac+BDWmqaWR6kr5f4hY348nIR+13I9YMrhx3NewaM/6kRvY';

/** `npm start` with everything on; a dossier is handed in and tracked; then everything stops and is sent. */
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'lienthong-observability-'));
  // As root PostgreSQL runs as another user, who must be able to pass.
  chmodSync(dataDir, 0o711);
  const seals = join(dataDir, 'seals');
  mkdirSync(seals);
  const seal = signingAuthority().issue({ CN: 'UBND xã An Bình' });
  writeFileSync(join(seals, 'H61.855.29542.key.pem'), seal.key);
  writeFileSync(join(seals, 'H61.855.29542.crt.pem'), seal.certificate);
  collector = await startCollector();
  child = spawn(process.execPath, [join(import.meta.dirname, '../src/main.ts')], {
    env: {
      ...process.env,
      LIENTHONG_DATA: dataDir,
      LISTEN: '127.0.0.1:0',
      POSTGRES_PORT: '0',
      NATS_PORT: '0',
      METRICS_LISTEN: '127.0.0.1:0',
      ISSUER_LISTEN: 'off',
      TRACES_LISTEN: 'off',
      REST_LISTEN: 'off',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
      LOG_LEVEL: 'debug',
      WEBHOOK_ALLOW_PRIVATE: 'true',
      WEBHOOK_ALLOW_HTTP: 'true',
      WEBHOOK_SUSPEND_AFTER_S: '1',
      CASEWORK_SEALS: seals,
      PAYMENT_URL: NO_RECEIVER,
      PAYMENT_NAME: 'Cổng thanh toán',
      AUDIT_WITNESSES: `${WITNESS_KEY} ${NO_RECEIVER}`,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  createInterface({ input: child.stderr as NodeJS.ReadableStream }).on('line', (line) => {
    if (line.startsWith('{')) lines.push(JSON.parse(line));
  });
  let output = '';
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    output += chunk;
    if (output.includes('Stop with Ctrl-C')) break;
  }
  const found = (pattern: RegExp) =>
    pattern.exec(output)?.[1] ?? expect.fail(`${pattern} not in:\n${output}`);
  const address = found(/gRPC\s+(\S+)/);
  const ca = readFileSync(found(/TLS\s+clients trust (\S+)/), 'utf8');
  // For `fetch`.
  setDefaultCACertificates([...getCACertificates(), ca]);
  const token = tokenAsPrinted(output, dataDir, 'ONE_STOP');
  const client = connectAgency({ address, tls: { ca }, token: () => token });
  const body = JSON.parse(found(/-d '(.*)' \\\n.*CaseworkService\/LodgeDossier/));
  // Casework learns of the procedures a moment after they are published.
  const lodged = await vi.waitFor(() => client.casework.lodgeDossier(LodgeDossierRequest.fromJSON(body)), {
    timeout: 60_000,
    interval: 200,
  });
  code = lodged.code;
  await client.casework.getDossier({ code });
  await client.casework.claimTask({ dossierId: lodged.dossierId, taskNumber: 99 }).catch(() => {});
  await client.tracking.trackDossier({ code, secret: lodged.trackingSecret });
  // The provider cannot be reached: a failure is counted.
  await client.casework.requestPayment({ dossierId: lodged.dossierId, amountVnd: 8_000n });
  const receipt = { code, secret: lodged.trackingSecret };
  await client.citizenPayments.requestPaymentLink(receipt).catch(() => {});
  // A failing webhook is suspended, and its agency is notified at a receiver: attempts of both.
  const leaderToken = tokenAsPrinted(output, dataDir, 'LEADER');
  const leader = connectAgency({ address, tls: { ca }, token: () => leaderToken });
  const topics = [{ topic: Topic.WEBHOOK_SUSPENDED, channels: [MessageChannel.WEBHOOK] }];
  await leader.notifications.setAgencyPreferences({ preferences: { topics } });
  const { agency: agencyId } = JSON.parse(
    Buffer.from(leaderToken.split('.')[1] ?? '', 'base64url').toString(),
  );
  const { cert, key } = certificate();
  const registered = { agencyId, system: 'van-thu', certificate: cert };
  await leader.certificates.registerCertificate({ ...registered, proof: certificateProof(registered, key) });
  const receiver = { requestId: randomUUID(), url: NO_RECEIVER };
  const { secret: receiverSecret } = await leader.notifications.setAgencyEndpoint(receiver);
  const webhook = { requestId: randomUUID(), url: NO_RECEIVER, start: Start.OLDEST };
  const { secret } = await leader.webhooks.createWebhook(webhook);
  secrets = [token, leaderToken, lodged.trackingSecret, body.applicant.fullName, receiverSecret, secret];
  client.close();
  leader.close();
  const metricsAddress = found(/metrics\s+https:\/\/([^/\s]+)\/metrics/);
  exposed = await vi.waitFor(
    async () => {
      const names = (await scrape(metricsAddress, 'https'))
        .names()
        .map((name) => name.replace(/_total$/, ''));
      expect(names).toEqual(
        expect.arrayContaining([
          'lienthong_webhook_attempts',
          'lienthong_notification_attempts',
          'lienthong_casework_payment_failures',
        ]),
      );
      return names;
    },
    { timeout: 60_000, interval: 500 },
  );
  await vi.waitFor(
    async () => {
      const now = await scrape(metricsAddress, 'https');
      const lags = [...now.values('lienthong_relay_lag'), ...now.values('lienthong_consumer_lag')];
      expect(lags.length).toBeGreaterThan(10);
      expect(lags.filter((lag) => lag > 0)).toEqual([]);
    },
    { timeout: 60_000, interval: 500 },
  );
  const watch = await startWatch(address);
  watch.writeDrill(
    'lienthong_backup_drill_success_timestamp_seconds 1\nlienthong_backup_drill_lost_seconds 1\n',
  );
  shown = [await scrape(metricsAddress, 'https'), await scrape(watch.address)];
  await watch.stop();
  child.kill('SIGTERM');
  await once(child, 'exit');
}, 300_000);
afterAll(async () => {
  if (child.exitCode === null) child.kill('SIGKILL');
  await collector.close();
  rmSync(dataDir, { recursive: true, force: true });
});

test('the page lists every metric, and no other', () => {
  const names = exposed.filter((name) => name !== 'target_info');
  expect(
    documented('Metrics')
      .map((name) => name.replaceAll('.', '_'))
      .sort(),
  ).toEqual(sorted(names));
});

test('every metric of an alert or a dashboard is emitted, with the labels that it uses', () => {
  /** Prometheus adds them to what it reads. */
  const added = ['job', 'instance', 'service'];
  const missing = expressions.flatMap(({ where, expr }) => {
    const metrics = metricsIn(expr).map((name) => ({
      name,
      labels: shown.map((one) => one.labels(name)).find((labels) => labels !== undefined),
    }));
    const absent = metrics
      .filter(({ labels }) => labels === undefined)
      .map(({ name }) => `${where}: ${name}`);
    const known = new Set([...added, ...metrics.flatMap(({ labels = [] }) => [...labels])]);
    const unknown = labelsIn(expr).filter((label) => !known.has(label));
    return [...absent, ...unknown.map((label) => `${where}: label ${label}`)];
  });
  expect(expressions.length).toBeGreaterThan(50);
  expect(missing).toEqual([]);
});

test('the page lists every span attribute of the platform’s own, and no other', () => {
  const keys = collector.spans.flatMap(({ attributes }) => Object.keys(attributes));
  const own = keys.filter((key) => key.startsWith('lienthong.'));
  // The sample data has no document.
  expect(sorted([...own, 'lienthong.document'])).toEqual(sorted(documented('Span attributes')));
});

test('the page lists every field of a call’s line, and no other', () => {
  const keys = lines.filter(({ msg }) => msg === 'call').flatMap((line) => Object.keys(line));
  expect(sorted(keys.filter((key) => key !== 'service'))).toEqual(sorted(documented('Log lines of calls')));
});

test('a dossier is found in the spans of its calls, transactions, publishing and consumers', () => {
  const spans = collector.spans.filter(({ attributes }) => attributes['lienthong.dossier'] === code);
  const names = new Set(spans.map(({ name }) => name));
  for (const name of [
    'lienthong.casework.v1.CaseworkService/LodgeDossier',
    'lienthong.casework.v1.CaseworkService/GetDossier',
    'lienthong.casework.v1.CaseworkService/ClaimTask',
    'lienthong.casework.v1.TrackingService/TrackDossier',
    'commands',
    'publish',
  ])
    expect(names).toContain(name);
  const lodging = spans.find(({ name }) => name.endsWith('/LodgeDossier'));
  const consumers = spans.filter(
    ({ name, traceId }) => name.startsWith('consume ') && traceId === lodging?.traceId,
  );
  // Feed, audit, notification, statistics.
  expect(consumers.length).toBeGreaterThanOrEqual(4);
});

test('no token, secret or name is in a line or a span', () => {
  const text = JSON.stringify([lines, collector.spans]);
  expect(lines.length).toBeGreaterThan(10);
  for (const secret of secrets) expect(text).not.toContain(secret);
});
