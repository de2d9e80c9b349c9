import type { DossierLodged } from '@lienthong/contracts/casework';
import { plainArray, type Reader, type Tx } from '@lienthong/kit';

/** A dossier without a tracking digest was lodged by a release that had none, and cannot be followed. */
export function insertDossiers(tx: Tx, lodged: readonly DossierLodged[]): void {
  const known = lodged.flatMap(({ dossier, trackingDigest }) =>
    dossier && trackingDigest.length > 0 ? [{ dossier, digest: Buffer.from(trackingDigest) }] : [],
  );
  if (known.length === 0) return;
  tx.send({
    name: 'insert_dossiers',
    text: `insert into dossier (id, code, tracking_digest, status)
           select * from unnest($1::uuid[], $2::text[], $3::bytea[], $4::smallint[])
           on conflict do nothing`,
    values: [
      known.map(({ dossier }) => dossier.id),
      known.map(({ dossier }) => dossier.code),
      known.map(({ digest }) => digest),
      known.map(({ dossier }) => dossier.status),
    ],
  });
}

/** The last known status of the dossiers, and whether a citizen follows them. */
export async function readStatuses(
  tx: Tx,
  ids: readonly string[],
): Promise<Map<string, { status: number; followed: boolean }>> {
  const rows = await tx.query<{ id: string; status: number; followed: boolean }>({
    name: 'read_statuses',
    text: `select d.id, d.status, f.dossier_id is not null as followed
             from dossier d left join follower f on f.dossier_id = d.id
            where d.id = any($1::uuid[])`,
    values: [plainArray(ids)],
  });
  return new Map(rows.map((row) => [row.id, row]));
}

export function updateStatuses(tx: Tx, changed: ReadonlyMap<string, number>): void {
  if (changed.size === 0) return;
  tx.send({
    name: 'update_statuses',
    text: `update dossier d set status = c.status
             from unnest($1::uuid[], $2::smallint[]) as c (id, status) where d.id = c.id`,
    values: [plainArray([...changed.keys()]), plainArray([...changed.values()])],
  });
}

export interface FollowableDossier {
  id: string;
  code: string;
  digest: Buffer;
}

export async function readFollowable(reader: Reader, code: string): Promise<FollowableDossier | undefined> {
  const rows = await reader.query<FollowableDossier>({
    name: 'read_followable',
    text: 'select id, code, tracking_digest as digest from dossier where code = $1',
    values: [code],
  });
  return rows[0];
}
