import { Agency } from '@lienthong/contracts/directory';
import { type Sql, searchKey, type Tx } from '@lienthong/kit';
import type { Span } from '@lienthong/reference-data';
import { bound, columns } from './rows.ts';

/** Counts a change of the register. The records that the transaction then writes carry its number: memory reads what is newer. */
export const advanceRegister = (tx: Tx): void =>
  tx.send({ name: 'register_advance', text: 'update register set change = change + 1' });

/**
 * Writes the newest records of agencies and rebuilds their index rows, all in one flight of set-based statements.
 * The caller holds the register's lock and has advanced it. Old index rows go before new ones come, so that a code
 * passing from one agency to another never meets the exclusion constraint half-way.
 */
export function writeAgencies(tx: Tx, agencies: readonly Agency[]): void {
  if (agencies.length === 0) return;
  tx.send({
    name: 'agency_upsert',
    text: `
      insert into agency (id, validity, record, version, changed)
      select new.id, daterange(new.valid_from, new.valid_to), new.record, new.version, register.change
      from unnest($1::uuid[], $2::date[], $3::date[], $4::bytea[], $5::bigint[])
           as new (id, valid_from, valid_to, record, version), register
      on conflict (id) do update
      set validity = excluded.validity, record = excluded.record, version = excluded.version, changed = excluded.changed`,
    values: columns(
      agencies.map((agency) => ({
        id: agency.id,
        validFrom: bound(agency.establishedOn),
        validTo: bound(agency.endedOn),
        record: Buffer.from(Agency.encode(agency).finish()),
        version: agency.version,
      })),
    ),
  });
  clear(tx, agencies);
  for (const statement of [
    codes(agencies),
    names(agencies),
    placements(agencies),
    functions(agencies),
    successions(agencies),
  ]) {
    if (statement) tx.send(statement);
  }
}

function clear(tx: Tx, agencies: readonly Agency[]): void {
  // A new agency has no rows to clear.
  const ids = agencies.map(({ id }) => id);
  for (const table of ['agency_code', 'agency_name', 'agency_placement', 'agency_function'] as const) {
    tx.send({
      name: `${table}_clear`,
      text: `delete from ${table} where agency_id = any($1::uuid[])`,
      values: [ids],
    });
  }
}

const validity = (span: Span) => ({ validFrom: bound(span.validFrom), validTo: bound(span.validTo) });

function codes(agencies: readonly Agency[]): Sql | undefined {
  const rows = agencies.flatMap((agency) =>
    agency.identifiers.map((identifier) => ({
      agencyId: agency.id,
      ...validity(identifier),
      scheme: identifier.code?.scheme,
      code: identifier.code?.code,
    })),
  );
  return insert(
    rows,
    'agency_code_insert',
    `
    insert into agency_code (agency_id, validity, scheme, code)
    select agency_id, daterange(valid_from, valid_to), scheme, code
    from unnest($1::uuid[], $2::date[], $3::date[], $4::text[], $5::text[]) as new (agency_id, valid_from, valid_to, scheme, code)`,
  );
}

function names(agencies: readonly Agency[]): Sql | undefined {
  const rows = agencies.flatMap((agency) =>
    agency.names.map((name) => ({ agencyId: agency.id, ...validity(name), searchKey: searchKey(name.name) })),
  );
  return insert(
    rows,
    'agency_name_insert',
    `
    insert into agency_name (agency_id, validity, search_key)
    select agency_id, daterange(valid_from, valid_to), search_key
    from unnest($1::uuid[], $2::date[], $3::date[], $4::text[]) as new (agency_id, valid_from, valid_to, search_key)`,
  );
}

function placements(agencies: readonly Agency[]): Sql | undefined {
  const rows = agencies.flatMap((agency) =>
    agency.placements.map((placement) => ({
      agencyId: agency.id,
      ...validity(placement),
      parentId: placement.parentId === '' ? null : placement.parentId,
      tier: placement.tier,
    })),
  );
  return insert(
    rows,
    'agency_placement_insert',
    `
    insert into agency_placement (agency_id, validity, parent_id, tier)
    select agency_id, daterange(valid_from, valid_to), parent_id, tier
    from unnest($1::uuid[], $2::date[], $3::date[], $4::uuid[], $5::smallint[]) as new (agency_id, valid_from, valid_to, parent_id, tier)`,
  );
}

function functions(agencies: readonly Agency[]): Sql | undefined {
  const rows = agencies.flatMap((agency) =>
    agency.functions.map((held) => ({ agencyId: agency.id, ...validity(held), function: held.function })),
  );
  return insert(
    rows,
    'agency_function_insert',
    `
    insert into agency_function (agency_id, validity, function)
    select agency_id, daterange(valid_from, valid_to), function
    from unnest($1::uuid[], $2::date[], $3::date[], $4::text[]) as new (agency_id, valid_from, valid_to, function)`,
  );
}

function successions(agencies: readonly Agency[]): Sql | undefined {
  const rows = agencies.flatMap((agency) =>
    agency.successors.map(({ predecessorId, successorId }) => ({ predecessorId, successorId })),
  );
  // An edge is made once, when its predecessor ends; a later record of the same agency repeats it.
  return insert(
    rows,
    'succession_insert',
    `
    insert into succession (predecessor_id, successor_id)
    select predecessor_id, successor_id from unnest($1::uuid[], $2::uuid[]) as new (predecessor_id, successor_id)
    on conflict do nothing`,
  );
}

function insert(rows: readonly Record<string, unknown>[], name: string, text: string): Sql | undefined {
  return rows.length === 0 ? undefined : { name, text, values: columns(rows) };
}
