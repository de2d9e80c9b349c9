import { type Database, unreachable } from '@lienthong/kit';
import { ENTRY_KINDS, type EntryKind } from '../domain/entries.ts';

/** Conditions on entries; all given conditions must hold. */
export interface EntryFilter {
  kind?: EntryKind;
  documentId?: string;
  dossierCode?: string;
  /** Agencies that acted or are concerned. */
  agencyId?: string;
  officerId?: string;
  from?: Date;
  to?: Date;
  types?: readonly string[];
  /** The agency whose entries the caller may see; absent: all. */
  visibleTo?: string;
}

export interface EntryRow {
  leaf: number;
  source: string;
  position: number;
  part: number;
  kind: EntryKind;
  event_id: string;
  type: string;
  occurred_at: Date;
  recorded_at: Date;
  actor_agency_id: string | null;
  actor_officer_id: string;
  aggregate_id: string;
  aggregate_version: number;
  /** The one that the entry is about: a read of several documents has none here, and the same with dossiers. */
  document_id: string | null;
  dossier_code: string;
  agency_id: string | null;
  traceparent: string;
  payload: Buffer;
  salt: Buffer;
}

export const COLUMNS = `leaf, source, position, part, kind, event_id, type, occurred_at, recorded_at, actor_agency_id,
                 actor_officer_id, aggregate_id, aggregate_version,
                 case when cardinality(document_ids) = 1 then document_ids[1] else document_id end as document_id,
                 case when cardinality(dossier_codes) = 1 then dossier_codes[1] else dossier_code end as dossier_code,
                 agency_id, traceparent, payload, salt`;

/**
 * The newest `limit` entries before a leaf, newest first.
 *
 * An agency's entries are the union of index scans (acted or concerned, events or reads), each cut at `limit`: an `or`
 * of them would read and sort all of the agency's entries for a page.
 */
export async function findEntries(
  db: Database,
  filter: EntryFilter,
  before: number | undefined,
  limit: number,
): Promise<EntryRow[]> {
  return readPage(db, filter, { from: 0, before: before ?? Number.MAX_SAFE_INTEGER, limit, order: 'desc' });
}

/** The oldest `limit` entries from a leaf up to, not including, another. */
export const findEntriesFrom = (
  db: Database,
  filter: EntryFilter,
  { from, before, limit }: { from: number; before: number; limit: number },
): Promise<EntryRow[]> => readPage(db, filter, { from, before, limit, order: 'asc' });

function readPage(
  db: Database,
  filter: EntryFilter,
  { from, before, limit, order }: { from: number; before: number; limit: number; order: 'asc' | 'desc' },
): Promise<EntryRow[]> {
  const { branches, values } = branchesOf(filter);
  values.push(from, before, limit);
  const within = `leaf >= $${values.length - 2} and leaf < $${values.length - 1}`;
  const first = `order by leaf ${order} limit $${values.length}`;
  const pages = branches.map(
    (branch) => `(select ${COLUMNS} from entry where ${branch} and ${within} ${first})`,
  );
  return db.query<EntryRow>({
    text: `select * from (${pages.join(' union ')}) as matching ${first}`,
    values,
  });
}

/** What names one entry; `part` is which of the event's reads. */
export type EntryKey =
  | { $case: 'eventId'; value: string; part: number }
  | { $case: 'position'; value: { source: string; position: number }; part: number }
  | { $case: 'index'; value: number };

/** What an agency sees: what it did or what concerns it. It does not learn of what it was refused to read. */
const visibleTo = (agency: string): [string, string] => [
  `actor_agency_id = ${agency} and denied is null`,
  `agency_id = ${agency}`,
];

/** One entry, if it is here and the agency may see it; without an agency every entry may be seen. */
export async function findEntry(
  db: Database,
  key: EntryKey,
  agencyId: string | undefined,
): Promise<EntryRow | undefined> {
  const [condition, ...values] = conditionOf(key);
  const [row] = await db.query<EntryRow>({
    name: `audit_find_entry_by_${key.$case}`,
    text: `select ${COLUMNS} from entry
            where ${condition} and ($1::uuid is null or ${visibleTo('$1').join(' or ')})`,
    values: [agencyId, ...values],
  });
  return row;
}

function conditionOf(key: EntryKey): [string, ...unknown[]] {
  switch (key.$case) {
    case 'eventId':
      return ['event_id = $2 and part = $3', key.value, key.part];
    case 'position':
      return ['source = $2 and position = $3 and part = $4', key.value.source, key.value.position, key.part];
    case 'index':
      return ['leaf = $2', key.value];
    default:
      return unreachable(key);
  }
}

export async function countEntries(db: Database, filter: EntryFilter): Promise<number> {
  const { branches, values } = branchesOf(filter);
  const matching = branches.map((branch) => `select leaf from entry where ${branch}`);
  const rows = await db.query<{ n: number }>({
    text: `select count(*) as n from (${matching.join(' union ')}) as matching`,
    values,
  });
  return rows[0]?.n ?? 0;
}

/**
 * Reads are gathered by their array's index alone. Beside an order and a limit the planner, which cannot tell how many
 * reads a document has, would walk through all leaves from the newest on.
 */
const readsWhere = (condition: string): string =>
  `leaf = any(array(select leaf from entry where kind = 'read' and ${condition}))`;

/** How an entry of each kind says what it is about. */
const ABOUT = {
  event: {
    document: (id: string) => `document_id = ${id}`,
    dossier: (code: string) => `dossier_code = ${code} and dossier_code <> ''`,
  },
  read: {
    document: (id: string) => readsWhere(`document_ids @> array[${id}::uuid]`),
    dossier: (code: string) => readsWhere(`dossier_codes @> array[${code}::text]`),
  },
};

/** The combinations of a kind and of ways in which agencies act or are concerned: each is read by one index. */
function branchesOf(filter: EntryFilter): { branches: string[]; values: unknown[] } {
  const values: unknown[] = [];
  const kinds = filter.kind === undefined ? ENTRY_KINDS : [filter.kind];
  let branches = kinds.map((kind) => ({ kind, conditions: [`kind = '${kind}'`] }));
  const narrow = (value: unknown, ways: (parameter: string, kind: EntryKind) => readonly string[]) => {
    if (value === undefined) return;
    values.push(value);
    branches = branches.flatMap(({ kind, conditions }) =>
      ways(`$${values.length}`, kind).map((way) => ({ kind, conditions: [...conditions, way] })),
    );
  };
  narrow(filter.documentId, (p, kind) => [ABOUT[kind].document(p)]);
  narrow(filter.dossierCode, (p, kind) => [ABOUT[kind].dossier(p)]);
  narrow(filter.officerId, (p) => [`actor_officer_id = ${p} and actor_officer_id <> ''`]);
  narrow(filter.from, (p) => [`occurred_at >= ${p}`]);
  narrow(filter.to, (p) => [`occurred_at < ${p}`]);
  narrow(filter.types, (p) => [`type = any(${p})`]);
  narrow(filter.visibleTo, visibleTo);
  if (filter.agencyId !== filter.visibleTo)
    narrow(filter.agencyId, (p) => [`actor_agency_id = ${p}`, `agency_id = ${p}`]);
  return { branches: branches.map(({ conditions }) => conditions.join(' and ')), values };
}
