import type { NotificationState } from '@lienthong/contracts/notification';
import type { Database, Tx } from '@lienthong/kit';
import { withoutAnyContact } from '../domain/masking.ts';
import { readMessageKey } from '../domain/message-key.ts';
import { type AfterReceipt, afterReceipt, type Receipt } from '../domain/receipt.ts';
import type { KnownChannel } from '../domain/topics.ts';

interface TriedRow {
  id: string;
  number: number;
  state: NotificationState;
  tries: number;
  round: number;
  answered: boolean;
}

const COLUMNS = 'n.id, a.number, n.state, n.tries, n.round, l.duration_ms is not null as answered';
const LAST_TRY = 'left join attempt l on l.notification_id = n.id and l.number = n.tries';

/** The try a receipt is of, by the message's key or the provider's id; the message stays locked. */
async function lockTry(
  tx: Tx,
  channel: KnownChannel,
  ref: string,
): Promise<(TriedRow & { ofLast: boolean }) | undefined> {
  const key = readMessageKey(ref);
  const [row] = await tx.query<TriedRow>(
    key
      ? {
          name: 'lock_try_of_key',
          text: `select ${COLUMNS} from notification n ${LAST_TRY} cross join lateral (select n.tries as number) a
                  where n.id = $1 and n.channel = $2 and n.tries > 0 for update of n`,
          values: [key.id, channel],
        }
      : {
          name: 'lock_try_of_provider',
          text: `select ${COLUMNS} from attempt a join notification n on n.id = a.notification_id ${LAST_TRY}
                  where a.provider_id = $1 and n.channel = $2
                  order by a.at desc limit 1 for update of n`,
          values: [ref, channel],
        },
  );
  if (row === undefined) return undefined;
  return { ...row, ofLast: key ? key.round === row.round : row.number === row.tries };
}

function keep(tx: Tx, { id, number }: TriedRow, text: string, after: AfterReceipt, now: Date): void {
  if (after.outcome === 'ignored') return;
  tx.send({
    name: 'keep_receipt',
    text: 'update attempt set receipt = $3, receipt_at = $4 where notification_id = $1 and number = $2',
    values: [id, number, text, now.toISOString()],
  });
  if ('once' in after)
    tx.send({
      name: 'receipt_before_answer',
      text: 'update notification set receipt = $2 where id = $1',
      values: [id, after.once],
    });
  else
    tx.send({
      name: 'state_by_receipt',
      text: 'update notification set state = $2, lease = null, leased_until = null where id = $1',
      values: [id, after.state],
    });
}

/**
 * What became of a message by its provider's later word. One message a transaction: it holds nothing else when it
 * waits for a sender that writes down many.
 */
export const applyReceipt = (
  db: Database,
  channel: KnownChannel,
  { ref, said, text }: Receipt,
  now: Date,
): Promise<'applied' | 'ignored' | 'unknown'> =>
  db.transaction(async (tx) => {
    const row = await lockTry(tx, channel, ref);
    if (row === undefined) return 'unknown';
    const after = afterReceipt(said, { state: row.state, ofLast: row.ofLast, underWay: !row.answered });
    keep(tx, row, withoutAnyContact(text), after, now);
    return after.outcome;
  });
