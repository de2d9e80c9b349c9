import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import pg from 'pg';
import { MIGRATION_LOCK } from './migrate.ts';
import { serverOf } from './server-of.ts';

/** The role of a service while it runs: it may read and write the rows of its own schema, and nothing else. */
export interface ServiceRole {
  /** The service's schema; names its roles. */
  schema: string;
  password: string;
}

/** The role of a service while it runs. */
export const roleOf = (schema: string): string => `lienthong_${schema}`;
/** The role that owns the schema and everything in it; nobody logs in as it. */
export const ownerOf = (schema: string): string => `${roleOf(schema)}_owner`;

/** Extensions of the migrations; only an administrator may create them. */
const EXTENSIONS = ['btree_gist', 'pg_trgm'];

/**
 * Prepares a database for services with roles of their own: roles, schemas, and who may enter them. A schema that an
 * earlier version made belongs to its owner afterwards, with all that is in it. The grants on tables come with
 * `migrate`. May be repeated at any time, and sets the passwords again.
 *
 * @param adminUrl a role that may create roles and owns the database, for example a superuser
 */
export async function provision(adminUrl: string, roles: readonly ServiceRole[]): Promise<void> {
  const client = new pg.Client({ ...serverOf(adminUrl), application_name: 'lienthong provision' });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query('begin');
    await client.query(`select pg_advisory_xact_lock(${MIGRATION_LOCK})`);
    for (const role of roles) await provisionRole(client, role);
    await closePublic(client);
    for (const { schema } of roles) await provisionSchema(client, schema);
    await client.query('commit');
  } finally {
    await client.end();
  }
}

async function provisionRole(client: pg.Client, { schema, password }: ServiceRole): Promise<void> {
  const [role, owner] = [roleOf(schema), ownerOf(schema)];
  const { rows } = await client.query<{ name: string; mighty: boolean }>(
    `select rolname as name, rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls as mighty
       from pg_roles where rolname = any($1)`,
    [[role, owner]],
  );
  const mighty = rows.find((row) => row.mighty);
  if (mighty) throw new Error(`role ${mighty.name} may do more than a service needs: drop or restrict it`);
  const exists = (name: string) => rows.some((row) => row.name === name);
  if (!exists(owner)) await client.query(`create role ${id(owner)} nologin`);
  if (!exists(role)) await client.query(`create role ${id(role)}`);
  // As a verifier, so that the password is in no statement and no log of the server.
  await client.query(`alter role ${id(role)} login password ${pg.escapeLiteral(scramVerifier(password))}`);
  // For `set role` while migrating.
  await client.query(`grant ${id(owner)} to current_user`);
}

/** Nobody but the services' roles may connect; nobody makes anything in `public`. */
async function closePublic(client: pg.Client): Promise<void> {
  for (const name of EXTENSIONS)
    await client.query(`create extension if not exists ${name} with schema public`);
  const { rows } = await client.query<{ name: string }>('select current_database() as name');
  await client.query(`revoke all on database ${id(rows[0]?.name as string)} from public`);
  await client.query('revoke all on schema public from public');
}

async function provisionSchema(client: pg.Client, schema: string): Promise<void> {
  const [role, owner] = [id(roleOf(schema)), id(ownerOf(schema))];
  const { rows } = await client.query<{ name: string }>('select current_database() as name');
  await client.query(`grant connect on database ${id(rows[0]?.name as string)} to ${role}`);
  await client.query(`grant usage on schema public to ${role}, ${owner}`);
  await client.query(`create schema if not exists ${id(schema)}`);
  await client.query(`alter schema ${id(schema)} owner to ${owner}`);
  await client.query(`revoke all on schema ${id(schema)} from public`);
  await client.query(`grant usage on schema ${id(schema)} to ${role}`);
  for (const statement of await ownershipMoves(client, schema)) await client.query(statement);
}

/** Statements that give everything in the schema to its owner: an earlier version made it as another role. */
async function ownershipMoves(client: pg.Client, schema: string): Promise<string[]> {
  const { rows } = await client.query<{ statement: string }>(
    `with owner as (select oid, rolname from pg_roles where rolname = $2),
          things as (
            -- Sequences that belong to a column follow their table.
            select case relkind when 'S' then 'sequence' when 'v' then 'view' when 'm' then 'materialized view'
                                else 'table' end as kind,
                   format('%I.%I', $1::text, relname) as name
              from pg_class c, owner
             where relnamespace = $1::regnamespace and relkind in ('r', 'p', 'v', 'm', 'S') and relowner <> owner.oid
               and not (relkind = 'S' and exists (select from pg_depend
                                                   where classid = 'pg_class'::regclass and objid = c.oid
                                                     and deptype in ('a', 'i')))
            union all
            select 'routine', format('%I.%I(%s)', $1::text, proname, pg_get_function_identity_arguments(p.oid))
              from pg_proc p, owner
             where pronamespace = $1::regnamespace and proowner <> owner.oid
            union all
            select 'type', format('%I.%I', $1::text, typname)
              from pg_type, owner
             where typnamespace = $1::regnamespace and typtype in ('d', 'e') and typowner <> owner.oid
          )
     select format('alter %s %s owner to %I', kind, name, rolname) as statement from things, owner`,
    [schema, ownerOf(schema)],
  );
  return rows.map(({ statement }) => statement);
}

const id = pg.escapeIdentifier;

const ITERATIONS = 4096;

/** What PostgreSQL keeps of a password (RFC 5803), so that it never gets the password itself. */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16)): string {
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, ITERATIONS, 32, 'sha256');
  const hmac = (text: string) => createHmac('sha256', salted).update(text).digest();
  const stored = createHash('sha256').update(hmac('Client Key')).digest('base64');
  const server = hmac('Server Key').toString('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${stored}:${server}`;
}
