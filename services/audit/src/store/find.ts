import { type Database, unreachable } from '@lienthong/kit';

/** Conditions on entries; all given conditions must hold. */
export interface EntryFilter {
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
  event_id: string;
  type: string;
  occurred_at: Date;
  recorded_at: Date;
  actor_agency_id: string | null;
  actor_officer_id: string;
  aggregate_id: string;
  aggregate_version: number;
  document_id: string | null;
  dossier_code: string;
  agency_id: string | null;
  traceparent: string;
  payload: Buffer;
  salt: Buffer;
}

export const COLUMNS = `leaf, source, position, event_id, type, occurred_at, recorded_at, actor_agency_id, actor_officer_id,
                 aggregate_id, aggregate_version, document_id, dossier_code, agency_id, traceparent, payload, salt`;

/**
 * The newest `limit` entries before a leaf, newest first.
 *
 * An agency's entries are the union of two index scans (acted, concerned), each cut at `limit`: an `or` of the two
 * would read and sort all of the agency's entries for a page.
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
  const { conditions, values } = conditionsOf(filter);
  const ways = branchesOf(filter, values);
  values.push(from, before, limit);
  const within = `leaf >= $${values.length - 2} and leaf < $${values.length - 1}`;
  const first = `order by leaf ${order} limit $${values.length}`;
  const branches = ways.map(
    (branch) =>
      `(select ${COLUMNS} from entry where ${[...conditions, ...branch, within].join(' and ')} ${first})`,
  );
  return db.query<EntryRow>({
    text: `select * from (${branches.join(' union ')}) as matching ${first}`,
    values,
  });
}

/** What names one entry. */
export type EntryKey =
  | { $case: 'eventId'; value: string }
  | { $case: 'position'; value: { source: string; position: number } }
  | { $case: 'index'; value: number };

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
            where ${condition} and ($1::uuid is null or actor_agency_id = $1 or agency_id = $1)`,
    values: [agencyId, ...values],
  });
  return row;
}

function conditionOf(key: EntryKey): [string, ...unknown[]] {
  switch (key.$case) {
    case 'eventId':
      return ['event_id = $2', key.value];
    case 'position':
      return ['source = $2 and position = $3', key.value.source, key.value.position];
    case 'index':
      return ['leaf = $2', key.value];
    default:
      return unreachable(key);
  }
}

export async function countEntries(db: Database, filter: EntryFilter): Promise<number> {
  const { conditions, values } = conditionsOf(filter);
  const branches = branchesOf(filter, values).map(
    (branch) => `select leaf from entry where ${[...conditions, ...branch, 'true'].join(' and ')}`,
  );
  const rows = await db.query<{ n: number }>({
    text: `select count(*) as n from (${branches.join(' union ')}) as matching`,
    values,
  });
  return rows[0]?.n ?? 0;
}

function conditionsOf(filter: EntryFilter): { conditions: string[]; values: unknown[] } {
  const conditions: string[] = [];
  const values: unknown[] = [];
  const where = (condition: (parameter: string) => string, value: unknown) => {
    if (value === undefined) return;
    values.push(value);
    conditions.push(condition(`$${values.length}`));
  };
  where((p) => `document_id = ${p}`, filter.documentId);
  where((p) => `dossier_code = ${p} and dossier_code <> ''`, filter.dossierCode);
  where((p) => `actor_officer_id = ${p} and actor_officer_id <> ''`, filter.officerId);
  where((p) => `occurred_at >= ${p}`, filter.from);
  where((p) => `occurred_at < ${p}`, filter.to);
  where((p) => `type = any(${p})`, filter.types);
  return { conditions, values };
}

/** The combinations in which the filter's agencies and the caller's agency act or are concerned. */
function branchesOf(filter: EntryFilter, values: unknown[]): string[][] {
  let branches: string[][] = [[]];
  for (const agency of new Set([filter.agencyId, filter.visibleTo])) {
    if (agency === undefined) continue;
    values.push(agency);
    const parameter = `$${values.length}`;
    branches = branches.flatMap((branch) => [
      [...branch, `actor_agency_id = ${parameter}`],
      [...branch, `agency_id = ${parameter}`],
    ]);
  }
  return branches;
}
