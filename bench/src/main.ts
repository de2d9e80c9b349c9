import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { endWithParent } from '@lienthong/embedded';
import { openMailServer } from '@lienthong/test-mail-server';
import { loadAgencies } from './agencies.ts';
import { emptyCalls } from './limits/grpc.ts';
import { emptyHttpCalls } from './limits/http.ts';
import { jetstreamPublishes } from './limits/jetstream.ts';
import { postgresCommits } from './limits/postgres.ts';
import { startDbos } from './peers/dbos.ts';
import { installPeers, type Peer, peerCommands } from './peers/peer.ts';
import { startRestate } from './peers/restate.ts';
import { publishProcedure } from './procedure.ts';
import { differenceLine, differences } from './report/differences.ts';
import type { Figure, Report, Scenario } from './report/figures.ts';
import { startProfiling } from './report/profiling.ts';
import { accessCost } from './scenarios/access.ts';
import { auditedPerSecond } from './scenarios/audited.ts';
import type { CommandFigures } from './scenarios/commands.ts';
import { consoleLines } from './scenarios/console-lines.ts';
import { consolePages } from './scenarios/console-pages.ts';
import { documentsPerSecond } from './scenarios/documents.ts';
import { dossierCommands } from './scenarios/dossiers.ts';
import { edxmlPackages } from './scenarios/edxml.ts';
import { eventLatency } from './scenarios/events.ts';
import { fanOut } from './scenarios/fan-out.ts';
import { feedLatency, idleStreams } from './scenarios/feed.ts';
import { importsPerSecond } from './scenarios/imports.ts';
import { inboxPage } from './scenarios/inbox.ts';
import { appointClerks, mailsPerSecond } from './scenarios/mails.ts';
import { proofLatency } from './scenarios/proofs.ts';
import { restCalls } from './scenarios/rest.ts';
import { storeDossiers } from './scenarios/stored-dossiers.ts';
import { timersDueAtOnce } from './scenarios/timers.ts';
import { workListPage } from './scenarios/work-list.ts';
import { startTarget } from './target.ts';

endWithParent();
const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    /** Earlier reports of this machine, to compare with; the option may be repeated. */
    compare: { type: 'string', multiple: true, default: [] },
    /** Runs the dossier's commands on Restate and DBOS too, which are installed from npm for it. */
    peers: { type: 'boolean', default: false },
    /** A folder for CPU profiles of every process of Node. */
    profile: { type: 'string' },
    /** How long each rate is measured. */
    seconds: { type: 'string', default: '10' },
    /** Deliveries stored before pages are read. */
    deliveries: { type: 'string', default: '1000000' },
    /** Dossiers stored before work lists are read, one in ten under way. */
    dossiers: { type: 'string', default: '1000000' },
    /** Leaves of the audit log before proofs are read. */
    leaves: { type: 'string', default: '10000000' },
  },
});
// Before the work, so that a wrong name costs nothing.
const earlier = await Promise.all(
  values.compare.map(async (file) => JSON.parse(await readFile(file, 'utf8')) as Report),
);
const finishProfiling = values.profile && (await startProfiling(resolve(values.profile)));
const modules = values.peers ? await installPeers() : undefined;
const seconds = Number(values.seconds);
const documents = Math.ceil(Number(values.deliveries) / 1_000);
const CALLERS = 64;

const print = (line: string) => console.log(line);
const scenarios: Scenario[] = [];
const report = (name: string, value: number, unit: string, limit?: Figure) => {
  const scenario: Scenario = { name, value, unit };
  if (limit) Object.assign(scenario, { limit, ratio: value / limit.value });
  scenarios.push(scenario);
  const share = limit ? `   ${((value / limit.value) * 100).toFixed(0)} % of ${limit.name}` : '';
  print(`${name.padEnd(28)}${value.toFixed(value < 100 ? 1 : 0).padStart(9)} ${unit}${share}`);
  return { name, value, unit };
};

/** The same five commands on a peer, beside those of the platform. */
async function besidePeer(peer: Peer, crowd: CommandFigures, single: CommandFigures): Promise<void> {
  try {
    const alone = await peerCommands(peer, 1, seconds);
    const together = await peerCommands(peer, CALLERS, seconds);
    const name = peer.name.toLowerCase().split(' ')[0];
    print(`${peer.name}, the same five commands:`);
    report(`${name}_command_p50_ms_single`, alone.p50, 'ms');
    const rate = report(`${name}_commands_per_s`, together.commandsPerSecond, '1/s');
    report(`${name}_command_p50_ms`, together.p50, 'ms');
    report(`${name}_command_p99_ms`, together.p99, 'ms');
    report(`dossier_commands_beside_${name}`, crowd.commandsPerSecond, '1/s', rate);
    report(`dossier_command_single_beside_${name}`, single.p50, 'ms', {
      name: `${name}_command_p50_ms_single`,
      value: alone.p50,
      unit: 'ms',
    });
  } finally {
    await peer.stop();
  }
}

// On the disk the platform would use: a memory file system would make every commit free.
const dataDir = await mkdtemp(join(resolve(process.env.BENCH_DATA ?? '.'), '.lienthong-bench-'));
// Under root PostgreSQL runs as another user, who must be able to enter the folder.
await chmod(dataDir, 0o711);
const mailServer = await openMailServer({ keep: false });
try {
  const target = await startTarget(dataDir, print, {
    SMTP_URL: mailServer.url,
    SMTP_STARTTLS: 'never',
    MAIL_FROM: 'Liên Thông <thongbao@example.vn>',
  });
  try {
    print(`${cpus().length} cores; load generator, services, PostgreSQL and NATS all on them`);
    const rpc = report('empty_grpc_calls_per_s', await emptyCalls(CALLERS, seconds / 2), '1/s');
    const http = report('empty_http_calls_per_s', await emptyHttpCalls(CALLERS, seconds / 2), '1/s');
    const commits = report(
      'postgres_commits_per_s',
      await postgresCommits(target.databaseUrl, CALLERS, seconds / 2),
      '1/s',
    );
    const publishes = report(
      'jetstream_publishes_per_s',
      await jetstreamPublishes(target.natsUrl, seconds / 2),
      '1/s',
    );

    const agencies = await loadAgencies(target, 1_100);
    report('idle_streams_2000_mib', await idleStreams(target, agencies, 2_000), 'MiB');
    report('console_sse_clients_1000_mib', await consoleLines(target, agencies, 1_000), 'MiB');
    const rate = await documentsPerSecond(target, agencies, CALLERS, seconds);
    report('documents_per_s', rate, '1/s', rpc);
    const { p50, p99 } = await eventLatency(target, agencies, rate / 2, seconds);
    report('document_event_p50_ms', p50, 'ms');
    report('document_event_p99_ms', p99, 'ms');
    const fan = await fanOut(target, agencies, documents);
    report('fanout_deliveries_per_s', fan.committed, '1/s', publishes);
    report('fanout_settled_per_s', fan.settled, '1/s', commits);
    await target.quiet();
    report('inbox_page_p99_ms', await inboxPage(target, agencies, 2_000), 'ms');
    const pages = await consolePages(target, agencies);
    if (pages === undefined) print('console_first_load_kib and others: skipped, there is no Chromium');
    else {
      report('console_first_load_kib', pages.firstLoadKib, 'KiB');
      report('console_inbox_ready_ms_slow_line', pages.coldMs, 'ms');
      report('console_inbox_again_ms_slow_line', pages.warmMs, 'ms');
    }

    const { grpc, rest } = await restCalls(target, agencies, CALLERS, seconds);
    report('rest_calls_per_s', rest, '1/s', http);
    report('rest_of_grpc_calls', rest, '1/s', { name: 'the same calls by gRPC', value: grpc, unit: '1/s' });

    const packages = await edxmlPackages(target, dataDir, 2_000);
    report('edxml_packages_in_per_s', packages.in, '1/s');
    report('edxml_packages_out_per_s', packages.out, '1/s');

    report('audited_events_per_s', await auditedPerSecond(target, agencies, seconds), '1/s');
    const access = await accessCost(target, agencies, seconds);
    report('access_per_call_us', access.microseconds, 'µs');
    report('access_of_document_percent', access.percentOfDocument, '%');

    const feed = await feedLatency(target, agencies, 500, 1_000, seconds);
    report('feed_event_p50_ms', feed.p50, 'ms');
    report('feed_event_p99_ms', feed.p99, 'ms');

    await publishProcedure(target);
    const single = await dossierCommands(target, agencies, 1, seconds);
    report('dossier_command_p50_ms_single', single.p50, 'ms');
    const crowd = await dossierCommands(target, agencies, CALLERS, seconds);
    report('dossier_commands_per_s', crowd.commandsPerSecond, '1/s', rpc);
    report('dossier_command_p50_ms', crowd.p50, 'ms');
    report('dossier_command_p99_ms', crowd.p99, 'ms');
    if (modules !== undefined) {
      await target.quiet();
      for (const start of [
        () => startRestate(modules, join(dataDir, 'restate')),
        () => startDbos(modules, target.databaseUrl),
      ])
        await besidePeer(await start(), crowd, single);
    }
    const [importer] = agencies;
    if (importer === undefined) throw new Error('there is no agency');
    report('import_dossiers_per_s', await importsPerSecond(target, importer, 20_000), '1/s', commits);
    await target.quiet();
    const stored = Number(values.dossiers);
    await storeDossiers(target, agencies, stored);
    await target.quiet();
    report('work_list_page_p99_ms', await workListPage(target, agencies, 2_000), 'ms');
    const timers = Math.min(100_000, stored / 10);
    report(
      timers === 100_000 ? 'timers_100k_s' : `timers_${timers}_s`,
      await timersDueAtOnce(target, timers),
      's',
    );

    const notified = agencies.slice(0, 1_000);
    await appointClerks(target, notified);
    report('mails_per_s', await mailsPerSecond(target, mailServer, notified, 5), '1/s');

    const proof = await proofLatency(target, agencies, Number(values.leaves), 2_000);
    report('proof_p50_ms', proof.p50, 'ms');
    report('proof_p99_ms', proof.p99, 'ms');
  } finally {
    await target.stop();
  }
} finally {
  await mailServer.close();
  await rm(dataDir, { recursive: true, force: true });
}

if (values.json) {
  const [cpu] = cpus();
  const machine: Report['machine'] = {
    cpu: cpu?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
  };
  await writeFile(values.json, `${JSON.stringify({ machine, scenarios } satisfies Report, null, 2)}\n`);
}
if (earlier.length > 0) {
  print('');
  for (const difference of differences(scenarios, earlier)) print(differenceLine(difference));
}
if (finishProfiling) {
  print('');
  for (const line of await finishProfiling()) print(line);
}
