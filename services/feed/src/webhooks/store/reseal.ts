import { resealReplies } from '@lienthong/eventlog';
import { type Database, plainArray, type Sealer, sealedAnew } from '@lienthong/kit';
import { secretPlace } from '../sealed.ts';

/** The methods whose replies carry a secret. */
const SECRET_REPLIES = ['CreateWebhook', 'RotateWebhookSecret'];

const BATCH = 100;

export interface Resealing {
  /** Secrets and replies that were sealed anew. */
  resealed: number;
  /** Webhooks whose secret no key opens: only rotating it helps, or giving the key back. */
  unreadable: readonly string[];
}

/**
 * Seals with the first key what an older one sealed, so that old keys can be taken away, and drops secrets that sign no
 * more. Each row is written only if it still is what was read, so any number of processes may do it, also beside what
 * changes webhooks.
 */
export async function resealSecrets(db: Database, sealer: Sealer, now: Date): Promise<Resealing> {
  const unreadable: string[] = [];
  const resealed =
    (await resealWebhooks(db, sealer, now, unreadable)) + (await resealReplies(db, sealer, SECRET_REPLIES));
  return { resealed, unreadable };
}

interface SecretRow {
  id: string;
  secret: string;
  previous_secret: string | null;
  previous_until: Date | null;
}

async function resealWebhooks(
  db: Database,
  sealer: Sealer,
  now: Date,
  unreadable: string[],
): Promise<number> {
  let after = '00000000-0000-0000-0000-000000000000';
  for (let resealed = 0; ; ) {
    const rows = await db.query<SecretRow>({
      name: 'webhook_secrets',
      text: `select id, secret, previous_secret, previous_until from webhook where id > $1 order by id limit $2`,
      values: [after, BATCH],
    });
    const changed: { row: SecretRow; secret: string; previous: string | null }[] = [];
    for (const row of rows) {
      const secret = sealedAnew(sealer, row.secret, secretPlace(row.id));
      if (secret === undefined) unreadable.push(row.id);
      const { previous_secret: before, previous_until: until } = row;
      const signs = before !== null && until !== null && until > now;
      // One that cannot be opened signs nothing: nothing is lost with it.
      const previous = signs ? (sealedAnew(sealer, before, secretPlace(row.id)) ?? null) : null;
      if ((secret ?? row.secret) !== row.secret || previous !== before)
        changed.push({ row, secret: secret ?? row.secret, previous });
    }
    if (changed.length > 0)
      await db.query({
        name: 'webhook_reseal',
        text: `update webhook w
                  set secret = n.secret, previous_secret = n.previous,
                      previous_until = case when n.previous is not null then w.previous_until end
                 from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[])
                      as n (id, old_secret, old_previous, secret, previous)
                where w.id = n.id and w.secret = n.old_secret
                  and w.previous_secret is not distinct from n.old_previous`,
        values: [
          plainArray(changed.map(({ row }) => row.id)),
          changed.map(({ row }) => row.secret),
          changed.map(({ row }) => row.previous_secret),
          changed.map(({ secret }) => secret),
          changed.map(({ previous }) => previous),
        ],
      });
    resealed += changed.length;
    const last = rows.at(-1);
    if (last === undefined || rows.length < BATCH) return resealed;
    after = last.id;
  }
}
