import { LodgeDossierRequest } from '@lienthong/contracts/casework';
import { addUses, endUses, type FileUse } from '@lienthong/file-store';
import { type Database, plainArray, type Reader, type Sealer, type Tx, tryOpen } from '@lienthong/kit';
import type { SealedTable } from '@lienthong/outbound';

export interface DraftRow {
  id: string;
  agency_id: string;
  owner: string;
  version: number;
  lodging: LodgeDossierRequest;
  /** The digests of the files that stay as long as the draft. */
  files: string[];
  saved_at: Date;
  saved_by: string;
  expires_at: Date;
}

/** A draft as its table keeps it. */
interface SealedRow extends Omit<DraftRow, 'lodging'> {
  sealed: string;
}

const COLUMNS = 'id, agency_id, owner, version, sealed, files, saved_at, saved_by, expires_at';
const FORGET_BATCH = 500;

const placeOf = (id: string): string => `casework/draft/${id}`;

export const DRAFTS: SealedTable = {
  table: 'dossier_draft',
  id: 'id',
  idType: 'uuid',
  columns: ['sealed'],
  place: placeOf,
};

/** None for a draft that no key opens. */
function opened(sealer: Sealer, { sealed, ...row }: SealedRow): DraftRow[] {
  const text = tryOpen(sealer, sealed, placeOf(row.id));
  return text === undefined
    ? []
    : [{ ...row, lodging: LodgeDossierRequest.decode(Buffer.from(text, 'base64')) }];
}

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
  sealer: Sealer,
  id: string,
  agencyIds: readonly string[],
  now: Date,
): Promise<DraftRow | undefined> {
  const rows = await reader.query<SealedRow>({
    name: 'read_draft',
    text: `select ${COLUMNS} from dossier_draft
            where id = $1 and agency_id = any($2::uuid[]) and expires_at > $3`,
    values: [id, agencyIds, now],
  });
  return rows.flatMap((row) => opened(sealer, row))[0];
}

/** The same, locked. */
export async function lockDraft(
  tx: Tx,
  sealer: Sealer,
  id: string,
  agencyIds: readonly string[],
  now: Date,
): Promise<DraftRow | undefined> {
  await tx.query({
    name: 'lock_draft',
    text: 'select from dossier_draft where id = $1 for update',
    values: [id],
  });
  return readDraft(tx, sealer, id, agencyIds, now);
}

/** The drafts of an owner that have not expired, the one saved last first. */
export async function readDraftsOf(
  reader: Reader,
  sealer: Sealer,
  agencyIds: readonly string[],
  owner: string,
  now: Date,
): Promise<DraftRow[]> {
  const rows = await reader.query<SealedRow>({
    name: 'read_drafts_of',
    text: `select ${COLUMNS} from dossier_draft
            where agency_id = any($1::uuid[]) and owner = $2 and expires_at > $3 order by saved_at desc, id desc`,
    values: [agencyIds, owner, now],
  });
  return rows.flatMap((row) => opened(sealer, row));
}

/** @param before the draft that it replaces */
export function writeDraft(tx: Tx, sealer: Sealer, row: DraftRow, before: DraftRow | undefined): void {
  const record = Buffer.from(LodgeDossierRequest.encode(row.lodging).finish());
  tx.send({
    name: 'write_draft',
    text: `insert into dossier_draft (${COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
           on conflict (id) do update
              set agency_id = excluded.agency_id, version = excluded.version, sealed = excluded.sealed, files = excluded.files,
                  saved_at = excluded.saved_at, saved_by = excluded.saved_by, expires_at = excluded.expires_at`,
    values: [
      row.id,
      row.agency_id,
      row.owner,
      row.version,
      sealer.seal(record.toString('base64'), placeOf(row.id)),
      plainArray(row.files),
      row.saved_at,
      row.saved_by,
      row.expires_at,
    ],
  });
  const ended = (before?.files ?? []).filter((sha256) => !row.files.includes(sha256));
  addUses(tx, usesOf(row.id, row.files));
  endUses(tx, usesOf(row.id, ended));
}

export function deleteDraft(tx: Tx, row: DraftRow): void {
  tx.send({ name: 'delete_draft', text: 'delete from dossier_draft where id = $1', values: [row.id] });
  endUses(tx, usesOf(row.id, row.files));
}

/** Deletes drafts that have expired, in batches; yields how many each batch deleted. */
export async function* forgetDrafts(db: Database, now: Date): AsyncGenerator<number> {
  let forgotten: number;
  do {
    forgotten = await db.transaction(async (tx) => {
      const rows = await tx.query<Pick<SealedRow, 'id' | 'files'>>({
        name: 'forget_drafts',
        text: `delete from dossier_draft where id in (
                 select id from dossier_draft where expires_at <= $1 limit ${FORGET_BATCH} for update skip locked)
               returning id, files`,
        values: [now],
      });
      endUses(
        tx,
        rows.flatMap(({ id, files }) => usesOf(id, files)),
      );
      return rows.length;
    });
    yield forgotten;
  } while (forgotten === FORGET_BATCH);
}

const usesOf = (ownerId: string, files: readonly string[]): FileUse[] =>
  files.map((sha256) => ({ sha256, ownerId }));
