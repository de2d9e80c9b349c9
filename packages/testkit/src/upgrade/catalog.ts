import type { Client } from 'pg';

/** What a program can notice of a schema. Each map is by the name of its things; a column's is `table.column`. */
export interface Catalog {
  tables: ReadonlyMap<string, { file: string; rowSecurity: boolean }>;
  columns: ReadonlyMap<string, Column>;
  /** By table and definition, so that a new name alone is no difference. Without `not null`, which columns have. */
  constraints: ReadonlyMap<string, Part>;
  /** The same; those of constraints are not among them. */
  indexes: ReadonlyMap<string, Part & { unique: boolean }>;
  triggers: ReadonlyMap<string, Part>;
  /** By name and types of the parameters. */
  functions: ReadonlyMap<string, { definition: string }>;
}

export interface Column {
  table: string;
  type: string;
  notNull: boolean;
  /** Whether an insert may leave it out. */
  hasDefault: boolean;
  /** Whether an insert must leave it out. */
  generated: boolean;
}

export interface Part {
  table: string;
  definition: string;
}

/** Reads the catalog of a schema. */
export async function readCatalog(client: Client, schema: string): Promise<Catalog> {
  const read = async <R>(sql: string): Promise<Map<string, R>> => {
    const { rows } = await client.query<R & { key: string }>(sql, [schema]);
    return new Map(rows.map(({ key, ...value }) => [key, value as R]));
  };
  return {
    tables: await read(TABLES),
    columns: await read(COLUMNS),
    constraints: await read(CONSTRAINTS),
    indexes: await read(INDEXES),
    triggers: await read(TRIGGERS),
    functions: await read(FUNCTIONS),
  };
}

const TABLES = `
  select relname as key, pg_relation_filenode(oid)::text as file, relrowsecurity as "rowSecurity"
    from pg_class
   where relnamespace = $1::regnamespace and relkind in ('r', 'p', 'v', 'm', 'S')`;

const COLUMNS = `
  select c.relname || '.' || a.attname as key, c.relname as table, format_type(a.atttypid, a.atttypmod) as type,
         a.attnotnull as "notNull", a.atthasdef or a.attidentity <> '' as "hasDefault",
         a.attgenerated <> '' or a.attidentity = 'a' as generated
    from pg_attribute a join pg_class c on c.oid = a.attrelid
   where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'p', 'v', 'm') and a.attnum > 0
     and not a.attisdropped
   order by c.relname, a.attnum`;

const CONSTRAINTS = `
  select c.relname || ' ' || pg_get_constraintdef(o.oid) as key, c.relname as table,
         pg_get_constraintdef(o.oid) as definition
    from pg_constraint o join pg_class c on c.oid = o.conrelid
   where o.connamespace = $1::regnamespace and o.contype <> 'n'`;

const INDEXES = `
  select c.relname || ' ' || x.indisunique || ' ' || i.definition as key, c.relname as table, i.definition, x.indisunique as unique
    from pg_index x
    join pg_class c on c.oid = x.indrelid
    join pg_class n on n.oid = x.indexrelid
   cross join lateral (select regexp_replace(pg_get_indexdef(x.indexrelid), '^.* USING ', '') as definition) i
   where c.relnamespace = $1::regnamespace
     and not exists (select from pg_constraint o where o.conindid = x.indexrelid and o.contype in ('p', 'u', 'x'))`;

const TRIGGERS = `
  select c.relname || '.' || t.tgname as key, c.relname as table, pg_get_triggerdef(t.oid) as definition
    from pg_trigger t join pg_class c on c.oid = t.tgrelid
   where c.relnamespace = $1::regnamespace and not t.tgisinternal`;

const FUNCTIONS = `
  select p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' as key,
         case p.prokind when 'a' then '' else pg_get_functiondef(p.oid) end as definition
    from pg_proc p
   where p.pronamespace = $1::regnamespace`;
