import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type MigrationSet, migrateService, type Service, schemaOf } from '@lienthong/kit';
import type pg from 'pg';

/**
 * Migrates a service as a version that is newer than this one would: each of its tables gets a column and an index,
 * each in a transaction of its own.
 */
export async function migrateBeyond(
  database: pg.Client,
  url: string,
  service: Service,
  folder: string,
): Promise<string[]> {
  const schema = schemaOf(service.name);
  const { rows } = await database.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = $1 and tablename <> 'migration' order by tablename`,
    [schema],
  );
  const own = join(folder, schema);
  mkdirSync(own, { recursive: true });
  for (const [n, { name }] of rows.entries())
    writeFileSync(
      join(own, `${String(n + 1).padStart(4, '0')}_${name}.sql`),
      `alter table ${name} add column beyond int not null default 0; create index on ${name} (beyond);`,
    );
  const beyond: MigrationSet = { name: 'beyond', folder: pathToFileURL(`${own}/`) };
  return migrateService({ url }, { ...service, migrations: [...service.migrations, beyond] });
}
