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
    text: `insert into dossier (id, code, tracking_digest, status, lodged_at, intake_agency_id)
           select * from unnest($1::uuid[], $2::text[], $3::bytea[], $4::smallint[], $5::timestamptz[], $6::text[])
           on conflict do nothing`,
    values: [
      known.map(({ dossier }) => dossier.id),
      known.map(({ dossier }) => dossier.code),
      known.map(({ digest }) => digest),
      known.map(({ dossier }) => dossier.status),
      known.map(({ lodgedAt }) => lodgedAt?.toISOString() ?? null),
      known.map(({ dossier }) => dossier.intakeAgencyId),
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
                  d.lodged_at as "lodgedAt", d.intake_agency_id as "intakeAgencyId",
                  d.receiver_id as "receiverId", f.dossier_id is not null as followed
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
              set status = c.status, version = c.version, due_at = c.due_at, due_provisional = c.due_provisional,
                  intake_agency_id = c.intake_agency_id, receiver_id = c.receiver_id
             from unnest($1::uuid[], $2::smallint[], $3::bigint[], $4::timestamptz[], $5::boolean[],
                         $6::text[], $7::text[])
                  as c (id, status, version, due_at, due_provisional, intake_agency_id, receiver_id)
            where d.id = c.id`,
    values: [
      plainArray([...changed.keys()]),
      column(({ status }) => status),
      column(({ version }) => version),
      column(({ dueAt }) => dueAt?.toISOString() ?? null),
      column(({ dueProvisional }) => dueProvisional),
      column(({ intakeAgencyId }) => intakeAgencyId),
      column(({ receiverId }) => receiverId),
    ],
  });
}

export interface TakenIn {
  code: string;
  intakeAgencyId: string;
  /** The officer who took it in. */
  receiverId: string;
}

export async function readTakenIn(tx: Tx, id: string): Promise<TakenIn | undefined> {
  const rows = await tx.query<TakenIn>({
    name: 'read_taken_in',
    text: `select code, intake_agency_id as "intakeAgencyId", receiver_id as "receiverId" from dossier where id = $1`,
    values: [id],
  });
  return rows[0];
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
