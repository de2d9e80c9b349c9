import { existsSync, readFileSync } from 'node:fs';
import { expect, onTestFinished, test, vi } from 'vitest';
import { childEnvironment } from '../src/config.ts';
import { childrenOf } from '../src/processes.ts';
import { running, temporaryDirectory } from './support/fixtures.ts';

const SECRETS = {
  LIENTHONG_SEALING_KEYS: 'k1:sealing-secret',
  SMTP_URL: 'smtp://mail:mail-secret@localhost',
  PGPASSWORD: 'client-secret',
};

test('no child process inherits a secret of this process', async (context) => {
  if (!existsSync('/proc/self/environ'))
    return context.skip('needs /proc to read the environment of a process');
  for (const [name, value] of Object.entries(SECRETS)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const stack = await running({ dataDir: temporaryDirectory() });
  // The servers, the shells that stop them, and PostgreSQL's own processes.
  const children = childrenOf(process.pid).filter((pid) => existsSync(`/proc/${pid}/environ`));
  expect(children).toEqual(expect.arrayContaining([stack.postgres.pid(), stack.nats.pid()]));
  expect(children.length).toBeGreaterThanOrEqual(4);
  for (const pid of [...children, ...children.flatMap(childrenOf)]) {
    const environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
    for (const value of Object.values(SECRETS)) expect(environment, `process ${pid}`).not.toContain(value);
  }
});

test('a child process gets where programs, home and temporary files are, and a fixed locale', () => {
  const given = { PATH: '/bin', HOME: '/home/a', TMPDIR: '/tmp/a', LANG: 'vi_VN', PGHOST: 'x', ...SECRETS };
  expect(childEnvironment(given)).toEqual({
    PATH: '/bin',
    HOME: '/home/a',
    TMPDIR: '/tmp/a',
    LC_ALL: 'C',
    TZ: 'UTC',
  });
});
