import type { Database, Reader, Sealer, Tx } from '@lienthong/kit';
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

/** Seals up to `limit` rows anew that older keys sealed; resolves to how many. Other processes take other rows. */
export async function resealSome(db: Database, sealer: Sealer, limit: number): Promise<number> {
  let sealed = 0;
  for (const one of TABLES)
    if (sealed < limit) sealed += await db.transaction((tx) => resealTable(tx, sealer, one, limit - sealed));
  return sealed;
}

async function resealTable(tx: Tx, sealer: Sealer, one: SealedTable, limit: number): Promise<number> {
  const { table, id, type, parts, place } = one;
  const [first, second] = parts;
  const rows = await tx.query<{ id: string; first: string | null; second: string | null }>({
    name: `outdated_${table}`,
    text: `select ${id} as id, ${first} as first, ${second} as second from ${table}
            where ${OTHER_KEY} limit $2 for update skip locked`,
    values: [sealer.keyId, limit],
  });
  if (rows.length === 0) return 0;
  const anew = (sealed: string | null, at: string) =>
    sealed === null ? null : sealer.seal(sealer.open(sealed, at), at);
  tx.send({
    name: `reseal_${table}`,
    text: `update ${table} t set ${first} = s.first, ${second} = s.second
             from unnest($1::${type}[], $2::text[], $3::text[]) as s (id, first, second) where t.${id} = s.id`,
    values: [
      rows.map((row) => row.id),
      rows.map((row) => anew(row.first, place(row.id, first))),
      rows.map((row) => anew(row.second, place(row.id, second))),
    ],
  });
  return rows.length;
}
