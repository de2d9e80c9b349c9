import { type Database, type Reader, type Sealer, sealedAnew, type Tx } from '@lienthong/kit';
import { RecipientKind } from '../domain/recipients.ts';
import { contactPlace } from './contacts.ts';
import { endpointPlace } from './endpoints.ts';

type Part = 'email' | 'phone' | 'url' | 'secret';

/** A table of sealed texts; `sealing_key` says which key sealed a row, and the index on it finds the others. */
interface SealedTable {
  table: string;
  id: string;
  type: 'text' | 'uuid';
  parts: readonly [Part, Part];
  place(id: string, part: Part): string;
}

const contacts = (kind: RecipientKind) => (id: string, part: Part) =>
  contactPlace(kind, id, part as 'email' | 'phone');

const TABLES: readonly SealedTable[] = [
  {
    table: 'officer_contact',
    id: 'officer_id',
    type: 'text',
    parts: ['email', 'phone'],
    place: contacts(RecipientKind.OFFICER),
  },
  {
    table: 'follower',
    id: 'dossier_id',
    type: 'uuid',
    parts: ['email', 'phone'],
    place: contacts(RecipientKind.CITIZEN),
  },
  {
    table: 'agency_endpoint',
    id: 'agency_id',
    type: 'uuid',
    parts: ['url', 'secret'],
    place: (id, part) => endpointPlace(id, part as 'url' | 'secret'),
  },
];

const OTHER_KEY = '(sealing_key < $1 or sealing_key > $1)';

/** How many rows are sealed with other keys than the first. */
export async function countOutdated(reader: Reader, sealer: Sealer): Promise<number> {
  const [row] = await reader.query<{ n: number }>({
    name: 'count_outdated',
    text: `select ${TABLES.map(({ table }) => `(select count(*) from ${table} where ${OTHER_KEY})`).join(' + ')} as n`,
    values: [sealer.keyId],
  });
  return row?.n ?? 0;
}

/** Rows that none of the keys opens, by table; they are left as they are. */
export type Unreadable = Map<string, string[]>;

/**
 * Seals up to `limit` rows anew that older keys sealed; resolves to how many it looked at. Other processes take other rows.
 * What cannot be opened is added to `unreadable`, and not looked at again.
 */
export async function resealSome(
  db: Database,
  sealer: Sealer,
  limit: number,
  unreadable: Unreadable,
): Promise<number> {
  let done = 0;
  for (const one of TABLES)
    if (done < limit)
      done += await db.transaction((tx) => resealTable(tx, sealer, one, limit - done, unreadable));
  return done;
}

async function resealTable(
  tx: Tx,
  sealer: Sealer,
  { table, id, type, parts: [first, second], place }: SealedTable,
  limit: number,
  unreadable: Unreadable,
): Promise<number> {
  const bad = unreadable.get(table) ?? [];
  unreadable.set(table, bad);
  const rows = await tx.query<{ id: string; first: string | null; second: string | null }>({
    name: `outdated_${table}`,
    text: `select ${id} as id, ${first} as first, ${second} as second from ${table}
            where ${OTHER_KEY} and ${id} <> all($3::${type}[]) limit $2 for update skip locked`,
    values: [sealer.keyId, limit, bad],
  });
  const anew = (sealed: string | null, at: string) =>
    sealed === null ? null : sealedAnew(sealer, sealed, at);
  const sealed = rows.map((row) => ({
    id: row.id,
    first: anew(row.first, place(row.id, first)),
    second: anew(row.second, place(row.id, second)),
  }));
  const isWhole = (row: (typeof sealed)[number]) => row.first !== undefined && row.second !== undefined;
  bad.push(...sealed.filter((row) => !isWhole(row)).map((row) => row.id));
  const whole = sealed.filter(isWhole);
  if (whole.length > 0)
    tx.send({
      name: `reseal_${table}`,
      text: `update ${table} t set ${first} = s.first, ${second} = s.second
               from unnest($1::${type}[], $2::text[], $3::text[]) as s (id, first, second) where t.${id} = s.id`,
      values: [whole.map((row) => row.id), whole.map((row) => row.first), whole.map((row) => row.second)],
    });
  return rows.length;
}
