/** Whether programs of the version before go on beside the schema of this version: expand first, contract later. */
import { readFileSync } from 'node:fs';
import { migrationsOf, schemaOf } from '@lienthong/kit';
import { services } from '@lienthong/standalone';
import { migrationsSince, undeclared } from '@lienthong/testkit';
import { expect, test } from 'vitest';
import { readVersionBefore } from './version-before.ts';

const versionBefore = readVersionBefore();
const guide = readFileSync(new URL('../../docs/upgrade.md', import.meta.url), 'utf8');
const [, stops = ''] = guide.split('## Versions that need a stop');

test.for(services)('the version before goes on beside the newest schema of $name', async (service) => {
  const effects = await migrationsSince(
    schemaOf(service.name),
    migrationsOf(service),
    versionBefore.migrations,
  );
  expect(effects.flatMap((effect) => undeclared(effect, versionBefore.version, stops))).toEqual([]);
});

test('every set of migrations has the name of its folder, as the record of the version before has it', () => {
  for (const set of services.flatMap(migrationsOf))
    expect(set.folder.pathname).toMatch(new RegExp(`/${set.name}/migrations/$`));
});

test('what broke programs in the past is found', async () => {
  const audit = services.find(({ name }) => name === 'audit') as (typeof services)[number];
  const effects = await migrationsSince('audit', migrationsOf(audit), {});
  const breaksOf = (name: string) => effects.find((effect) => effect.name === name)?.breaks ?? [];
  expect(breaksOf('audit/0001_entry')).toEqual([]);
  expect(breaksOf('audit/0002_tree')).toEqual(
    expect.arrayContaining([
      'drops the column entry.id',
      'adds the column entry.leaf, which inserts must give a value',
      'drops from entry: PRIMARY KEY (id)',
      'lets nobody write entry while it builds the index by btree (event_id)',
    ]),
  );
  expect(breaksOf('eventlog/0002_positions_at_commit')).toContain('drops the column event.id');
});
