import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type DatabaseAccess, keptSecret, roleOf, type ServiceRole, schemaOf } from '@lienthong/kit';

/** One role of PostgreSQL for each service. The passwords are made once and kept in the folder, one file each. */
export const databaseRoles = (folder: string, services: readonly string[]): Promise<ServiceRole[]> =>
  Promise.all(
    services.map(schemaOf).map(async (schema) => ({
      schema,
      password: await keptSecret(join(folder, 'database-roles'), schema, makePassword),
    })),
  );

/** How each service reaches the database: as its own role, and as the administrator while it migrates. */
export function roleAccess(
  adminUrl: string,
  roles: readonly ServiceRole[],
): (service: string) => DatabaseAccess {
  return (service) => {
    const schema = schemaOf(service);
    const role = roles.find((one) => one.schema === schema);
    if (role === undefined) throw new Error(`there is no role for the service ${service}`);
    const url = new URL(adminUrl);
    url.username = roleOf(schema);
    url.password = role.password;
    return { url: url.href, migrationUrl: adminUrl };
  };
}

const makePassword = (): string => randomBytes(24).toString('base64url');
