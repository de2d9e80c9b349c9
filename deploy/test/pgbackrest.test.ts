import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Postgres, startPostgres } from '@lienthong/embedded';
import { sharedServers } from '@lienthong/testkit';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { read } from './support/compose-file.ts';

/** The first pgBackRest that knows PostgreSQL 18 for good. */
const OLDEST = 57;

function whyNotHere(): string | undefined {
  const { error, stdout } = spawnSync('pgbackrest', ['version'], { encoding: 'utf8' });
  if (error !== undefined) return 'there is no pgbackrest on this machine';
  const [, minor = '0'] = /^pgBackRest 2\.(\d+)/.exec(stdout) ?? [];
  return Number(minor) < OLDEST ? `${stdout.trim()} does not support PostgreSQL 18` : undefined;
}
const why = whyNotHere();
if (why !== undefined) console.log(`skipped: ${why}`);

test.skipIf(why !== undefined)('a backup is encrypted, and restored to a moment', async () => {
  const folder = mkdtempSync(join(sharedServers().dir, 'pgbackrest-'));
  // As root PostgreSQL runs as another user, who must be able to pass.
  chmodSync(folder, 0o711);
  const servers: Postgres[] = [];
  onTestFinished(async () => {
    for (const { server } of servers) await server.stop();
    rmSync(folder, { recursive: true });
  });
  const [home, copy, repository] = [join(folder, 'server'), join(folder, 'copy'), join(folder, 'repository')];
  const config = join(folder, 'pgbackrest.conf');
  const text = read('deploy/backup/pgbackrest.conf')
    .replace(
      /^repo1-path=.*$/m,
      `repo1-path=${repository}\nrepo1-cipher-pass=mật khẩu\nlock-path=${repository}`,
    )
    .replace(/^pg1-path=.*$/m, `pg1-path=${join(home, 'data')}`)
    .replace(/^pg1-socket-path=.*$/m, `pg1-socket-path=${home}`);
  writeFileSync(config, text);
  const postgres = await startPostgres({
    dir: home,
    flags: {
      unix_socket_directories: home,
      archive_mode: 'on',
      archive_command: `pgbackrest --config=${config} --stanza=lienthong archive-push %p`,
    },
  });
  servers.push(postgres);
  const { uid, gid } = statSync(home);
  mkdirSync(repository);
  chownSync(repository, uid, gid);
  chownSync(config, uid, gid);
  const run = (...args: string[]) => {
    const done = spawnSync('pgbackrest', [`--config=${config}`, '--stanza=lienthong', ...args], {
      ...(process.getuid?.() === 0 && { uid, gid }),
      cwd: folder,
      env: { ...process.env, PGPASSWORD: readFileSync(join(home, 'password'), 'utf8') },
      encoding: 'utf8',
    });
    expect(done.stderr + (done.status === 0 ? '' : done.stdout)).toBe('');
    return done.stdout;
  };
  const port = `--pg1-port=${postgres.server.port}`;
  run(port, 'stanza-create');
  await query(
    postgres.databaseUrl,
    `create table kept as select 'bí mật của tỉnh ' || n as line from generate_series(1, 1000) n`,
  );
  run(port, 'backup');
  // The backup ends by whole seconds.
  const [{ now }] = await query<{ now: string }>(
    postgres.databaseUrl,
    'select pg_sleep(1.1), clock_timestamp()::text as now',
  );
  await query(postgres.databaseUrl, 'drop table kept');
  run(port, 'check');

  const [stanza] = JSON.parse(run('info', '--output=json'));
  expect(stanza).toMatchObject({ cipher: 'aes-256-cbc', backup: [{ backrest: { format: 5 } }] });
  expect(spawnSync('grep', ['-rq', 'bí mật của tỉnh', repository]).status).toBe(1);

  mkdirSync(join(copy, 'data'), { recursive: true, mode: 0o700 });
  for (const path of [copy, join(copy, 'data')]) chownSync(path, uid, gid);
  writeFileSync(join(copy, 'password'), readFileSync(join(home, 'password')), { mode: 0o600 });
  chownSync(join(copy, 'password'), uid, gid);
  run(
    `--pg1-path=${join(copy, 'data')}`,
    ...['--archive-mode=off', '--type=time', `--target=${now}`, '--target-action=promote', 'restore'],
  );
  const restored = await startPostgres({ dir: copy });
  servers.push(restored);
  expect(await query(restored.databaseUrl, 'select count(*)::int as n from kept')).toEqual([{ n: 1000 }]);
});

async function query<R extends pg.QueryResultRow>(url: string, text: string): Promise<[R, ...R[]]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<R>(text)).rows as [R, ...R[]];
  } finally {
    await client.end();
  }
}
