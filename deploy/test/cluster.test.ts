import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AgencyClient } from '@lienthong/client';
import { connectNats, type DevelopmentIssuer, developmentIssuer } from '@lienthong/kit';
import {
  appointSampleOfficers,
  loadOldOrder,
  mergeDepartments,
  mergeProvinces,
  newCode,
  newUnits,
  PROVINCE_CODE,
} from '@lienthong/sample-data';
import { SOURCES } from '@lienthong/standalone/nats-users';
import { freePort } from '@lienthong/testkit';
import { jetstreamManager } from '@nats-io/jetstream';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { read } from './support/compose-file.ts';
import { buildImage, docker, IMAGE, type Project, project, whyNoEngine } from './support/engine.ts';
import { administrator, type Clients, clientsOf, letterTo, today } from './support/installation.ts';
import { type Load, type Loop, runLoad } from './support/load.ts';

const MINUTES = 60_000;
const NATS = ['nats', 'nats-2', 'nats-3'];
/** What has no spare comes back after this time. */
const ABSENT_MS = 2_000;
const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
const services = read('deploy/gateway/services.lst').trim().split('\n');
const why = whyNoEngine();
if (why !== undefined) console.log(`skipped: ${why}`);

describe.skipIf(why !== undefined)('spare processes on a Docker engine', () => {
  let running: Project;
  let issuer: DevelopmentIssuer;
  let clients: Clients;
  let load: Load;
  /** By the request_id under which it was acknowledged. */
  const documents = new Map<string, string>();
  const rows: string[] = [];

  beforeAll(async () => {
    await buildImage(IMAGE);
    const port = await freePort();
    running = project({ port, block: 251, files: ['compose.yaml', 'compose.cluster.yaml'] });
    clients = clientsOf(running, port);
    mkdirSync(join(running.folder, 'config'));
    issuer = await developmentIssuer();
    await issuer.publish(join(running.folder, 'config'));
    await running.compose('up', '-d', 'gateway', ...NATS);
    const admin = clients.admin(issuer);
    await loadOldOrder(admin);
    await mergeDepartments(admin);
    await mergeProvinces(admin);
    await appointSampleOfficers(admin, today);
    // A service refuses officers whom it does not know yet.
    await caughtUp();
    load = runLoad(await loops());
  }, 20 * MINUTES);
  afterAll(async () => {
    clients?.close();
    await running?.remove();
  }, 5 * MINUTES);

  /** Two clerks who issue documents without a pause, and one loop that reads of each service. */
  async function loops(): Promise<Loop[]> {
    const communes = newUnits.slice(0, 2).map(newCode);
    const callers = await Promise.all(communes.map((code) => clients.clerkOf(issuer, code)));
    const [clerk] = callers as [(typeof callers)[number]];
    const patient = { timeoutMs: 10 * MINUTES, attemptTimeoutMs: 3_000 };
    const of = (caller: Parameters<DevelopmentIssuer['issue']>[0]) => (onAttempt: () => void) =>
      clients.connect(() => {
        onAttempt();
        return issuer.issue(caller);
      }, patient);
    const issue = async ({ routing }: AgencyClient) => {
      const requestId = randomUUID();
      const { document } = await routing.issueDocument({ ...letterTo(PROVINCE_CODE), requestId });
      documents.set(requestId, document?.id as string);
    };
    const reads: Record<string, Loop['call']> = {
      'agency-directory': ({ directory }) =>
        directory.resolveCode({ code: { code: PROVINCE_CODE }, at: today }),
      'procedure-registry': ({ procedures }) => procedures.searchProcedures({}),
      casework: ({ casework }) => casework.listWork({}),
      feed: ({ feed }) => feed.listEvents({ pageSize: 1 }),
      notification: ({ notifications }) => notifications.listMessages({ pageSize: 1 }),
      audit: ({ audit }) =>
        audit.listEntries({ filter: { documentId: [...documents.values()].at(-1) ?? '' } }),
    };
    return [
      ...callers.map((caller) => ({
        name: 'document-routing',
        connect: of(caller),
        call: issue,
        pauseMs: 20,
      })),
      {
        name: 'traces',
        connect: of(administrator),
        call: ({ traces }) => traces.findTraces({ pageSize: 1 }),
        pauseMs: 200,
      },
      ...Object.entries(reads).map(([name, call]) => ({ name, connect: of(clerk), call, pauseMs: 200 })),
    ];
  }

  /** Waits until every consumer of every service has applied what was committed when this began. */
  async function caughtUp(): Promise<void> {
    const statuses = () =>
      Promise.all(
        services.map(async (service) => {
          const admin = clients.admin(issuer, service);
          return await admin.operations.getStatus({}).finally(() => admin.close());
        }),
      );
    const logs = (await statuses()).flatMap((status) => status.logs);
    const committed = new Map(logs.map(({ source, sequenced }) => [source, sequenced]));
    for (const until = Date.now() + 5 * MINUTES; Date.now() < until; await sleep(250)) {
      const consumers = (await statuses()).flatMap((status) => status.consumers);
      expect(consumers.filter(({ parked }) => parked > 0n)).toEqual([]);
      const behind = consumers.filter(({ source, cursor }) => cursor < (committed.get(source) ?? 0n));
      if (consumers.length > 0 && behind.length === 0) return;
    }
    expect.fail('the consumers have not caught up in five minutes');
  }

  const query = async (sql: string) => {
    const [postgres = ''] = await running.containers('postgres');
    return await docker('exec', postgres, 'psql', '-Upostgres', '-Atdlienthong', `-c${sql}`);
  };

  test(
    'every service has two processes, and every stream three copies',
    async () => {
      for (const service of services) expect(await running.containers(service), service).toHaveLength(2);
      const [server = ''] = await running.containers('nats');
      const [{ NetworkSettings }] = JSON.parse(await docker('inspect', server));
      const [network] = Object.values(NetworkSettings.Networks) as { IPAddress: string }[];
      const nats = await connectNats(
        {
          url: `nats://${network?.IPAddress}:4222`,
          nkeySeed: readFileSync(join(running.folder, 'keys/restore/nats.nk'), 'utf8').trim(),
          plain: true,
        },
        'administrator',
      );
      onTestFinished(() => nats.close());
      const streams = await (await jetstreamManager(nats)).streams.list().next();
      expect(streams.length).toBeGreaterThanOrEqual(Object.keys(SOURCES).length);
      for (const { config } of streams) expect(config.num_replicas, config.name).toBe(3);
    },
    5 * MINUTES,
  );

  test.each([...services, ...NATS, 'postgres', 'gateway'])(
    'one %s is killed under load, every call gets its reply, and every consumer catches up',
    async (name) => {
      const [victim = ''] = await running.containers(name);
      const [before, killedAt] = [load.replies(), Date.now()];
      await docker('kill', '--signal=KILL', victim);
      const hasSpare = name !== 'postgres' && name !== 'gateway';
      if (!hasSpare) {
        await sleep(ABSENT_MS);
        await docker('start', victim);
      }
      await caughtUp();
      const caughtUpMs = Date.now() - killedAt;
      if (hasSpare) await docker('start', victim);
      await caughtUp();
      const repeated = load.interruptions.filter(({ toMs }) => toMs >= killedAt);
      const outage =
        repeated.length === 0
          ? 'none'
          : seconds(
              Math.max(...repeated.map(({ toMs }) => toMs)) -
                Math.min(...repeated.map(({ fromMs }) => fromMs)),
            );
      rows.push(`| ${name} | ${repeated.length} | ${outage} | ${seconds(caughtUpMs)} |`);
      expect(load.replies()).toBeGreaterThan(before);
    },
    10 * MINUTES,
  );

  test(
    'every acknowledged document is there once, and every event once and in its place in the audit',
    async () => {
      await load.stop();
      await caughtUp();
      console.log(
        [
          '| killed | calls repeated for (s) | consumers caught up after (s) |',
          '|---|---|---|',
          ...rows,
        ].join('\n'),
      );
      const stored = (await query('select id from document_routing.document')).split('\n');
      expect(documents.size).toBeGreaterThan(100);
      expect(new Set(documents.values()).size).toBe(documents.size);
      expect(stored.sort()).toEqual([...documents.values()].sort());
      const different = await query(
        `select count(*) from document_routing.event e
           full join (select * from audit.entry where source = 'routing' and part = 0) a on a.event_id = e.event_id
          where a.event_id is null or e.event_id is null or a.position <> e.position`,
      );
      expect(different).toBe('0');
      console.log(`${documents.size} documents acknowledged, 0 lost, 0 doubled`);
    },
    10 * MINUTES,
  );
});
