import { LodgeDossierRequest } from '@lienthong/contracts/casework';
import { addUses, endUses, type FileUse } from '@lienthong/file-store';
import type { Database, Reader, Tx } from '@lienthong/kit';
import { digestsOf } from '../domain/files/named.ts';

export interface DraftRow {
  id: string;
  agency_id: string;
  owner: string;
  version: number;
  record: Buffer;
  saved_at: Date;
  saved_by: string;
  expires_at: Date;
}

const COLUMNS = 'id, agency_id, owner, version, record, saved_at, saved_by, expires_at';
const FORGET_BATCH = 500;

/** Keeps others from adding drafts of an owner until the transaction ends. */
export function lockOwner(tx: Tx, agencyId: string, owner: string): void {
  tx.send({
    name: 'draft_lock_owner',
    text: `select pg_advisory_xact_lock(hashtextextended('drafts of ' || $1 || ' ' || $2, 0))`,
    values: [agencyId, owner],
  });
}

/** The draft of one of the agencies, if it has not expired. */
export async function readDraft(
  reader: Reader,
  id: string,
  agencyIds: readonly string[],
  now: Date,
): Promise<DraftRow | undefined> {
  const [row] = await reader.query<DraftRow>({
    name: 'read_draft',
    text: `select ${COLUMNS} from dossier_draft
            where id = $1 and agency_id = any($2::uuid[]) and expires_at > $3`,
    values: [id, agencyIds, now],
  });
  return row;
}

/** The same, locked. */
export async function lockDraft(
  tx: Tx,
  id: string,
  agencyIds: readonly string[],
  now: Date,
): Promise<DraftRow | undefined> {
  await tx.query({
    name: 'lock_draft',
    text: 'select from dossier_draft where id = $1 for update',
    values: [id],
  });
  return readDraft(tx, id, agencyIds, now);
}

/** The drafts of an owner that have not expired, the one saved last first. */
export const readDraftsOf = (
  reader: Reader,
  agencyIds: readonly string[],
  owner: string,
  now: Date,
): Promise<DraftRow[]> =>
  reader.query({
    name: 'read_drafts_of',
    text: `select ${COLUMNS} from dossier_draft
            where agency_id = any($1::uuid[]) and owner = $2 and expires_at > $3 order by saved_at desc, id desc`,
    values: [agencyIds, owner, now],
  });

/** @param before the draft that it replaces */
export function writeDraft(tx: Tx, row: DraftRow, before: DraftRow | undefined): void {
  tx.send({
    name: 'write_draft',
    text: `insert into dossier_draft (${COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8)
           on conflict (id) do update
              set agency_id = excluded.agency_id, version = excluded.version, record = excluded.record,
                  saved_at = excluded.saved_at, saved_by = excluded.saved_by, expires_at = excluded.expires_at`,
    values: [
      row.id,
      row.agency_id,
      row.owner,
      row.version,
      row.record,
      row.saved_at,
      row.saved_by,
      row.expires_at,
    ],
  });
  const now = new Set(usesOf(row).map(({ sha256 }) => sha256));
  const then = before ? usesOf(before) : [];
  addUses(tx, usesOf(row));
  endUses(
    tx,
    then.filter(({ sha256 }) => !now.has(sha256)),
  );
}

export function deleteDraft(tx: Tx, row: DraftRow): void {
  tx.send({ name: 'delete_draft', text: 'delete from dossier_draft where id = $1', values: [row.id] });
  endUses(tx, usesOf(row));
}

/** Deletes drafts that have expired, in batches; yields how many each batch deleted. */
export async function* forgetDrafts(db: Database, now: Date): AsyncGenerator<number> {
  let forgotten: number;
  do {
    forgotten = await db.transaction(async (tx) => {
      const rows = await tx.query<Pick<DraftRow, 'id' | 'record'>>({
        name: 'forget_drafts',
        text: `delete from dossier_draft where id in (
                 select id from dossier_draft where expires_at <= $1 limit ${FORGET_BATCH} for update skip locked)
               returning id, record`,
        values: [now],
      });
      endUses(tx, rows.flatMap(usesOf));
      return rows.length;
    });
    yield forgotten;
  } while (forgotten === FORGET_BATCH);
}

const usesOf = ({ id, record }: Pick<DraftRow, 'id' | 'record'>): FileUse[] =>
  [...new Set(digestsOf(LodgeDossierRequest.decode(record).papers))].map((sha256) => ({
    sha256,
    ownerId: id,
  }));
