import { readFile, writeFile } from 'node:fs/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { parseArgs } from 'node:util';
import { readStandaloneSettings, startPlatform, stopOnSignal } from '@lienthong/standalone';
import { storyClock } from './clock.ts';
import { openServers } from './notifications/servers.ts';
import { table } from './report.ts';
import { BEGINNING, runStory } from './run.ts';

const { values } = parseArgs({ options: { json: { type: 'string' } } });
const started = performance.now();
const print = (line: string) =>
  console.log(`${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s  ${line}`);

const clock = storyClock(BEGINNING);
const servers = await openServers();
try {
  const platform = await startPlatform(
    readStandaloneSettings({
      LISTEN: '127.0.0.1:0',
      POSTGRES_PORT: '0',
      NATS_PORT: '0',
      // The story's receiver fails on purpose; a warning of it would look like a fault.
      LOG_LEVEL: process.env.LOG_LEVEL ?? 'error',
    }),
    {
      clock,
      // The story's days pass in milliseconds.
      env: { CASEWORK_TIMER_CHECK_MS: '20', CASEWORK_CHANGE_CHECK_MS: '50', ...servers.env },
      progress: print,
    },
  );
  const stopping = stopOnSignal(async () => {
    print('stopping');
    await platform.stop();
    process.exit(1);
  });
  try {
    print(`all services run on ${platform.address}`);
    // The payment provider reports over HTTPS.
    setDefaultCACertificates([...getCACertificates(), await readFile(platform.caFile, 'utf8')]);
    const { result, details } = await runStory(platform, clock, servers, print);
    console.log(table(result, details));
    if (values.json) await writeFile(values.json, `${JSON.stringify(result, null, 2)}\n`);
    process.exitCode = result.ok ? 0 : 1;
  } catch (error) {
    // A stop in the middle makes the story's calls fail.
    if (!stopping.aborted) throw error;
    process.exitCode = 1;
  } finally {
    await platform.stop();
  }
} finally {
  await servers.close();
}
