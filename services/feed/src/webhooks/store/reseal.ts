import type { Database, Sealer } from '@lienthong/kit';
import { secretPlace } from '../sealed.ts';
import { lockWebhooks, updateWebhooks } from './webhooks.ts';

/** Seals with the newest key what an older one sealed, so that old keys can be taken away. */
export async function resealSecrets(db: Database, sealer: Sealer): Promise<void> {
  const rows = await db.query<{ id: string; secret: string; previous_secret: string | null }>({
    name: 'webhook_secrets',
    text: 'select id, secret, previous_secret from webhook',
  });
  const outdated = rows.filter(
    (row) =>
      sealer.isOutdated(row.secret) ||
      (row.previous_secret !== null && sealer.isOutdated(row.previous_secret)),
  );
  for (const { id } of outdated)
    await db.transaction(async (tx) => {
      const anew = (sealed: string) => sealer.seal(sealer.open(sealed, secretPlace(id)), secretPlace(id));
      const locked = await lockWebhooks(tx, [id]);
      updateWebhooks(
        tx,
        locked.map((row) => ({
          ...row,
          secret: anew(row.secret),
          previous_secret: row.previous_secret === null ? null : anew(row.previous_secret),
        })),
      );
    });
}
