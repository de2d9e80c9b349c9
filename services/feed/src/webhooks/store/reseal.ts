import { resealReplies } from '@lienthong/eventlog';
import type { Database, Sealer } from '@lienthong/kit';
import { type ResealResult, resealTables, type SealedTable } from '@lienthong/outbound';
import { secretPlace } from '../sealed.ts';

/** The methods whose replies carry a secret. */
const SECRET_REPLIES = ['CreateWebhook', 'RotateWebhookSecret'];

const WEBHOOKS: SealedTable = {
  table: 'webhook',
  id: 'id',
  idType: 'uuid',
  columns: ['secret', 'previous_secret'],
  // The current secret signs without it.
  optional: ['previous_secret'],
  place: secretPlace,
};

/** Deletes secrets that no longer sign, and reseals the others with the first key. */
export async function resealSecrets(db: Database, sealer: Sealer, now: Date): Promise<ResealResult> {
  await db.query({
    name: 'webhook_drop_expired_secrets',
    text: `update webhook set previous_secret = null, previous_until = null where previous_until <= $1`,
    values: [now.toISOString()],
  });
  const secrets = await resealTables(db, sealer, [WEBHOOKS]);
  const replies = await resealReplies(db, sealer, SECRET_REPLIES);
  return { ...secrets, resealed: secrets.resealed + replies };
}
