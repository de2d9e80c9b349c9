import { type Webhook, WebhookState } from '@lienthong/contracts/feed';
import type { Reader, Tx } from '@lienthong/kit';

export interface WebhookRow {
  id: string;
  agency_id: string;
  url: string;
  types: string[];
  description: string;
  state: WebhookState;
  secret: string;
  previous_secret: string | null;
  previous_until: Date | null;
  cursor: number;
  resend_until: number;
  created_at: Date;
  version: number;
  failures: number;
  failing_since: Date | null;
  last_success_at: Date | null;
  last_error: string;
  rest_until: Date | null;
}

/** The health of a receiver that nothing was sent to yet. */
export const UNKNOWN_HEALTH = {
  failures: 0,
  failing_since: null,
  last_success_at: null,
  last_error: '',
  rest_until: null,
} satisfies Partial<WebhookRow>;

const COLUMNS = `w.id, w.agency_id, w.url, w.types, w.description, w.state, w.secret, w.previous_secret,
                 w.previous_until, w.cursor, w.resend_until, w.created_at, w.version, w.failures, w.failing_since,
                 w.last_success_at, w.last_error, w.rest_until`;

/** Keeps others from counting or adding the agency's webhooks until the transaction ends. */
export function lockAgency(tx: Tx, agencyId: string): void {
  tx.send({
    name: 'webhook_lock_agency',
    text: `select pg_advisory_xact_lock(hashtextextended('webhooks of ' || $1, 0))`,
    values: [agencyId],
  });
}

export async function countWebhooks(tx: Tx, agencyId: string): Promise<number> {
  const [row] = await tx.query<{ n: number }>({
    name: 'webhook_count',
    text: 'select count(*) as n from webhook where agency_id = $1',
    values: [agencyId],
  });
  return row?.n ?? 0;
}

export const lockWebhooks = (tx: Tx, ids: readonly string[]): Promise<WebhookRow[]> =>
  tx.query({
    name: 'webhook_lock',
    text: `select ${COLUMNS} from webhook w where w.id = any($1::uuid[]) order by w.id for update`,
    values: [ids],
  });

export const readWebhooks = (reader: Reader, ids: readonly string[]): Promise<WebhookRow[]> =>
  reader.query({
    name: 'webhook_read',
    text: `select ${COLUMNS} from webhook w where w.id = any($1::uuid[])`,
    values: [ids],
  });

export type CountedWebhookRow = WebhookRow & { pending: number };

/** The webhooks of an agency with their number of waiting deliveries, oldest first; all, or one. */
export const readOwned = (reader: Reader, agencyId: string, id?: string): Promise<CountedWebhookRow[]> =>
  reader.query({
    name: 'webhook_owned',
    text: `select ${COLUMNS}, (select count(*) from webhook_delivery d where d.webhook_id = w.id) as pending
             from webhook w
            where w.agency_id = $1 and ($2::uuid is null or w.id = $2)
            order by w.created_at, w.id`,
    values: [agencyId, id ?? null],
  });

/**
 * The webhooks of all agencies, or of one, by their ids; a province has some hundreds.
 * @param failingOnly those that are suspended, or whose last attempt failed
 */
export const readAll = (
  reader: Reader,
  { agencyId, failingOnly }: { agencyId: string; failingOnly: boolean },
  after: string | undefined,
  limit: number,
): Promise<CountedWebhookRow[]> =>
  reader.query({
    name: 'webhooks_of_agencies',
    text: `select ${COLUMNS}, (select count(*) from webhook_delivery d where d.webhook_id = w.id) as pending
             from webhook w
            where ($1::uuid is null or w.agency_id = $1) and ($2::uuid is null or w.id > $2)
              and (not $3::boolean or w.state = ${WebhookState.SUSPENDED} or w.failing_since is not null)
            order by w.id
            limit $4`,
    values: [agencyId === '' ? null : agencyId, after ?? null, failingOnly, limit],
  });

export function insertWebhook(tx: Tx, row: WebhookRow): void {
  tx.send({
    name: 'webhook_insert',
    text: `insert into webhook (id, agency_id, url, types, description, state, secret, cursor, created_at, version)
           values ($1, $2, $3, $4::text[], $5, $6, $7, $8, $9, $10)`,
    values: [
      row.id,
      row.agency_id,
      row.url,
      row.types,
      row.description,
      row.state,
      row.secret,
      row.cursor,
      row.created_at.toISOString(),
      row.version,
    ],
  });
}

/** Writes everything that may change; the caller holds the locks. */
export function updateWebhooks(tx: Tx, rows: readonly WebhookRow[]): void {
  for (const row of rows)
    tx.send({
      name: 'webhook_update',
      text: `update webhook
                set url = $2, types = $3::text[], description = $4, state = $5, secret = $6, previous_secret = $7,
                    previous_until = $8, cursor = $9, resend_until = $10, version = $11, failures = $12,
                    failing_since = $13, last_success_at = $14, last_error = $15, rest_until = $16
              where id = $1`,
      values: [
        row.id,
        row.url,
        row.types,
        row.description,
        row.state,
        row.secret,
        row.previous_secret,
        row.previous_until?.toISOString() ?? null,
        row.cursor,
        row.resend_until,
        row.version,
        row.failures,
        row.failing_since?.toISOString() ?? null,
        row.last_success_at?.toISOString() ?? null,
        row.last_error,
        row.rest_until?.toISOString() ?? null,
      ],
    });
}

export function deleteWebhook(tx: Tx, id: string): void {
  tx.send({ name: 'webhook_delete', text: 'delete from webhook where id = $1', values: [id] });
}

export const toWebhook = (row: CountedWebhookRow): Webhook => ({
  id: row.id,
  url: row.url,
  types: row.types,
  description: row.description,
  state: row.state,
  createdAt: row.created_at,
  lastSuccessAt: row.last_success_at ?? undefined,
  failingSince: row.failing_since ?? undefined,
  lastError: row.last_error,
  pending: BigInt(row.pending),
});
