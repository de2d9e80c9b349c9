import type { Attempt } from '@lienthong/contracts/feed';
import type { Database, Reader } from '@lienthong/kit';

interface AttemptRow {
  id: number;
  event_id: string;
  type: string;
  subject: string;
  number: number;
  at: Date;
  duration_ms: number;
  status: number;
  answer: string;
  delivered: boolean;
  next_at: Date | null;
}

/** Newest first, before the given one; by webhook_attempt_newest, or webhook_attempt_event. */
export function readAttempts(
  reader: Reader,
  filter: { webhookId: string; eventId: string; failedOnly: boolean },
  before: number | undefined,
  limit: number,
): Promise<AttemptRow[]> {
  const one = filter.eventId === '' ? '' : 'and event_id = $4';
  return reader.query({
    name: `webhook_attempts_${one === '' ? 'all' : 'one'}`,
    text: `select id, event_id, type, subject, number, at, duration_ms, status, answer, delivered, next_at
             from webhook_attempt
            where webhook_id = $1 and id < $2 and (not $3::boolean or not delivered) ${one}
            order by id desc
            limit ${one === '' ? '$4' : '$5'}`,
    values: [
      filter.webhookId,
      before ?? Number.MAX_SAFE_INTEGER,
      filter.failedOnly,
      ...(one === '' ? [] : [filter.eventId]),
      limit,
    ],
  });
}

/** Deletes at most `limit` attempts that were made before an instant; resolves to how many. */
export async function forgetAttempts(db: Database, before: Date, limit: number): Promise<number> {
  const deleted = await db.query({
    name: 'webhook_forget_attempts',
    text: `delete from webhook_attempt
            where id in (select id from webhook_attempt where at < $1 order by at limit $2) returning id`,
    values: [before.toISOString(), limit],
  });
  return deleted.length;
}

export const toAttempt = (row: AttemptRow): Attempt => ({
  eventId: row.event_id,
  type: row.type,
  subject: row.subject,
  number: row.number,
  at: row.at,
  durationMs: row.duration_ms,
  status: row.status,
  answer: row.answer,
  delivered: row.delivered,
  nextAt: row.next_at ?? undefined,
});
