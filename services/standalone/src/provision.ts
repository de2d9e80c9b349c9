/**
 * Prepares an operator's own PostgreSQL: one role for each service, its schema, migrations and grants. Repeat it with
 * each new version, before the services start: they then need neither MIGRATION_DATABASE_URL nor the right to change
 * their tables.
 *
 *   MIGRATION_DATABASE_URL=postgres://… node services/standalone/src/provision.ts <folder>
 *     The passwords are made once and kept in <folder>/database-roles, one file for each service.
 */
import { baseSettings, migrateService, provision, readSettings, roleOf, schemaOf } from '@lienthong/kit';
import { z } from 'zod';
import { databaseRoles, roleAccess } from './database-roles.ts';
import { services } from './services.ts';

const { MIGRATION_DATABASE_URL: adminUrl } = readSettings(
  z.object({ MIGRATION_DATABASE_URL: baseSettings.shape.MIGRATION_DATABASE_URL.unwrap() }),
  process.env,
);
const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('use: provision.ts <folder>');
  process.exitCode = 1;
} else {
  const names = services.map(({ name }) => name);
  const roles = await databaseRoles(folder, names);
  await provision(adminUrl, roles);
  const access = roleAccess(adminUrl, roles);
  for (const service of services) {
    const schema = schemaOf(service.name);
    const applied = await migrateService(access(service.name), service);
    console.log(`${service.name}: role ${roleOf(schema)}, password in ${folder}/database-roles/${schema}`);
    if (applied.length > 0) console.log(`  migrated ${applied.join(', ')}`);
  }
}
