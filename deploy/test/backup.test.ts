import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Container, composeFile, read, root, variablesOf } from './support/compose-file.ts';

const FILE = 'deploy/compose/compose.backup.yaml';
const base = composeFile('deploy/compose/compose.yaml');
const backup = composeFile(FILE);
const containerOf = (name: string): Container => backup.services[name] ?? expect.fail(`no container ${name}`);
const repository = 'backup:/var/lib/pgbackrest';

test('PostgreSQL is that of the platform, and archives its log', () => {
  const usual = base.services.postgres?.command ?? [];
  expect(usual.length).toBeGreaterThan(5);
  expect(containerOf('postgres').command).toEqual([
    ...usual,
    '-carchive_mode=on',
    '-carchive_command=pgbackrest --stanza=lienthong archive-push %p',
    '-carchive_timeout=60',
  ]);
  const [, image] = /POSTGRES_IMAGE:-([^}]+)}/.exec(read('deploy/compose/compose.yaml')) ?? [];
  expect(read('deploy/backup/Dockerfile')).toContain(`ARG POSTGRES_IMAGE=${image}\n`);
  expect(read(FILE)).toContain(`\${POSTGRES_IMAGE:-${image}}`);
});

test('who reads from the repository has its passphrase: also PostgreSQL of a drill, which gets its log from there', () => {
  for (const name of ['postgres', 'drill-postgres'])
    expect(containerOf(name).entrypoint?.join(' '), name).toMatch(
      /PGBACKREST_REPO1_CIPHER_PASS="\$\$\(cat \/keys\/backup-passphrase\)".*exec docker-entrypoint\.sh/,
    );
});

test('everything that restores has the repository and its passphrase, and the platform the same settings', () => {
  for (const name of ['restore', 'drill-postgres'])
    expect(containerOf(name).volumes, name).toEqual(
      expect.arrayContaining([repository, './keys/postgres:/keys:ro']),
    );
  expect(containerOf('postgres').volumes).toEqual([repository]);
  expect(containerOf('restore').volumes).toContain('postgres:/var/lib/postgresql');
  // The data of a drill is its own.
  expect(containerOf('drill-postgres').volumes).toContain('/var/lib/postgresql');
  for (const name of ['reconcile', 'drill']) {
    const { volumes, environment, image } = containerOf(name);
    expect(image, name).toBe(base.services.casework?.image);
    expect(volumes, name).toContain('./keys/restore:/keys:ro');
    for (const [variable, value] of Object.entries(environment ?? {}))
      expect(
        [base.services.casework, base.services.audit].map((service) => service?.environment?.[variable]),
        `${name}: ${variable}`,
      ).toContain(value);
  }
});

test('no container of backups is reached from outside, and those of the platform have no rights', () => {
  for (const [name, { ports, read_only, cap_drop, cap_add }] of Object.entries(backup.services)) {
    expect(ports, name).toBeUndefined();
    if (['postgres', 'restore', 'drill-postgres'].includes(name)) continue;
    expect(read_only, name).toBe(true);
    expect(cap_drop, name).toEqual(['ALL']);
    expect(cap_add ?? [], name).toEqual(name === 'drill' ? ['DAC_OVERRIDE'] : []);
  }
});

test('a repository is encrypted, and full backups are kept as the page says', () => {
  const settings = read('deploy/backup/pgbackrest.conf');
  expect(settings).toMatch(/^repo1-cipher-type=aes-256-cbc$/m);
  expect(settings).toMatch(/^repo1-retention-full=4$/m);
  expect(settings).not.toMatch(/^repo1-cipher-pass=/m);
  expect(read('deploy/backup/README.md')).toContain('any moment of the last four weeks');
});

test('a shell takes the scripts', () => {
  for (const script of ['repository', 'drill'])
    expect(spawnSync('sh', ['-n', join(root, 'deploy/backup', script)], { encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    });
});

test('the page names every variable that a backup has of its own', () => {
  const usual = variablesOf('deploy/compose/compose.yaml');
  const own = variablesOf(FILE).filter((name) => !usual.includes(name));
  expect(own).toContain('BACKUP_FOLDER');
  const page = read('deploy/backup/README.md');
  for (const name of own.filter((one) => one !== 'DRILL_RESTORE')) expect(page, name).toContain(name);
});
