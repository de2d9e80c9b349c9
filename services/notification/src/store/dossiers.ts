import type { DossierLodged } from '@lienthong/contracts/casework';
import { plainArray, type Reader, type Tx } from '@lienthong/kit';
import type { KnownDossier } from '../domain/rules/citizens.ts';

/** A dossier without a tracking digest was lodged by a release that had none, and cannot be followed. */
export function insertDossiers(tx: Tx, lodged: readonly DossierLodged[]): void {
  const known = lodged.flatMap(({ dossier, trackingDigest, lodgedAt }) =>
    dossier && trackingDigest.length > 0 ? [{ dossier, digest: Buffer.from(trackingDigest), lodgedAt }] : [],
  );
  if (known.length === 0) return;
  tx.send({
    name: 'insert_dossiers',
    text: `insert into dossier (id, code, tracking_digest, status, lodged_at)
           select * from unnest($1::uuid[], $2::text[], $3::bytea[], $4::smallint[], $5::timestamptz[])
           on conflict do nothing`,
    values: [
      known.map(({ dossier }) => dossier.id),
      known.map(({ dossier }) => dossier.code),
      known.map(({ digest }) => digest),
      known.map(({ dossier }) => dossier.status),
      known.map(({ lodgedAt }) => lodgedAt?.toISOString() ?? null),
    ],
  });
}

/** What is known of the dossiers, and whether a citizen follows them. */
export async function readKnown(
  tx: Tx,
  ids: readonly string[],
): Promise<Map<string, KnownDossier & { followed: boolean }>> {
  const rows = await tx.query<KnownDossier & { id: string; followed: boolean }>({
    name: 'read_known',
    text: `select d.id, d.status, d.version, d.due_at as "dueAt", d.due_provisional as "dueProvisional",
                  d.lodged_at as "lodgedAt", f.dossier_id is not null as followed
             from dossier d left join follower f on f.dossier_id = d.id
            where d.id = any($1::uuid[])`,
    values: [plainArray(ids)],
  });
  return new Map(rows.map((row) => [row.id, row]));
}

export function updateKnown(tx: Tx, changed: ReadonlyMap<string, KnownDossier>): void {
  if (changed.size === 0) return;
  const column = <V>(of: (known: KnownDossier) => V) => Array.from(changed.values(), of);
  tx.send({
    name: 'update_known',
    text: `update dossier d
              set status = c.status, version = c.version, due_at = c.due_at, due_provisional = c.due_provisional
             from unnest($1::uuid[], $2::smallint[], $3::bigint[], $4::timestamptz[], $5::boolean[])
                  as c (id, status, version, due_at, due_provisional)
            where d.id = c.id`,
    values: [
      plainArray([...changed.keys()]),
      column(({ status }) => status),
      column(({ version }) => version),
      column(({ dueAt }) => dueAt?.toISOString() ?? null),
      column(({ dueProvisional }) => dueProvisional),
    ],
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
