import { MessageChannel, type NotificationState } from '@lienthong/contracts/notification';
import type { Database, Sealer, Tx } from '@lienthong/kit';
import { withoutAnyContact } from '../domain/masking.ts';
import { messageKey, readMessageKey } from '../domain/message-key.ts';
import { type AfterReceipt, afterReceipt, type Receipt } from '../domain/receipt.ts';
import { RecipientKind } from '../domain/recipients.ts';
import type { KnownChannel } from '../domain/topics.ts';
import { markUnreachable } from '../mark-unreachable.ts';
import type { Planner } from '../plan-messages.ts';
import { readContacts } from './contacts.ts';

interface AttemptedRow {
  id: string;
  number: number;
  state: NotificationState;
  attempts: number;
  round: number;
  answered: boolean;
  recipient_kind: RecipientKind;
  recipient_id: string;
  sent_at: Date;
}

const COLUMNS = `n.id, a.number, n.state, n.attempts, n.round, l.duration_ms is not null as answered,
       n.recipient_kind, n.recipient_id, l.at as sent_at`;
const LAST_ATTEMPT = 'left join attempt l on l.notification_id = n.id and l.number = n.attempts';

type LockedAttempt = AttemptedRow & { isOfLast: boolean };

/** The attempt that a key or a provider's id names; the message stays locked. */
async function lockAttempt(tx: Tx, channel: KnownChannel, ref: string): Promise<LockedAttempt | undefined> {
  const key = readMessageKey(ref);
  const [row] = await tx.query<AttemptedRow>(
    key
      ? {
          name: 'lock_attempt_by_key',
          text: `select ${COLUMNS} from notification n ${LAST_ATTEMPT}
                  cross join lateral (select n.attempts as number) a
                  where n.id = $1 and n.channel = $2 and n.attempts > 0 for update of n`,
          values: [key.id, channel],
        }
      : {
          name: 'lock_attempt_by_provider_id',
          text: `select ${COLUMNS} from attempt a join notification n on n.id = a.notification_id ${LAST_ATTEMPT}
                  where a.provider_id = $1 and n.channel = $2
                  order by a.at desc limit 1 for update of n`,
          values: [ref, channel],
        },
  );
  if (row === undefined) return undefined;
  return { ...row, isOfLast: key ? key.round === row.round : row.number === row.attempts };
}

/** Between the claim of a mail and the date in its header. */
const SENDING_MS = 15 * 60_000;
const MAX_CANDIDATES = 5_000;

/** The key of the mail that was sent to an address near a time. Index attempt_at; sealed contacts are opened to compare. */
async function findKeyByRecipient(
  tx: Tx,
  sealer: Sealer,
  { address, at }: NonNullable<Receipt['sending']>,
): Promise<string | undefined> {
  const rows = await tx.query<{
    id: string;
    round: number;
    recipient_kind: RecipientKind;
    recipient_id: string;
  }>({
    name: 'mails_sent_at',
    text: `select n.id, n.round, n.recipient_kind, n.recipient_id
             from attempt a join notification n on n.id = a.notification_id
            where a.at between $1 and $2 and a.accepted and n.channel = $3
            order by abs(extract(epoch from a.at - $4::timestamptz)) limit $5`,
    values: [
      new Date(at.getTime() - SENDING_MS).toISOString(),
      new Date(at.getTime() + SENDING_MS).toISOString(),
      MessageChannel.EMAIL,
      at.toISOString(),
      MAX_CANDIDATES,
    ],
  });
  const contactsOf = (kind: typeof RecipientKind.OFFICER | typeof RecipientKind.CITIZEN) => {
    const ids = rows.filter((row) => row.recipient_kind === kind).map((row) => row.recipient_id);
    return readContacts(tx, sealer, kind, ids);
  };
  const officers = await contactsOf(RecipientKind.OFFICER);
  const citizens = await contactsOf(RecipientKind.CITIZEN);
  const found = rows.find(({ recipient_kind: kind, recipient_id: id }) => {
    const contact = (kind === RecipientKind.OFFICER ? officers : citizens).get(id);
    return contact?.email?.toLowerCase() === address.toLowerCase();
  });
  return found && messageKey(found.id, found.round);
}

async function lockTarget(
  tx: Tx,
  sealer: Sealer,
  channel: KnownChannel,
  { refs, sending }: Receipt,
): Promise<LockedAttempt | undefined> {
  for (const ref of refs) {
    const row = await lockAttempt(tx, channel, ref);
    if (row) return row;
  }
  const key = sending && (await findKeyByRecipient(tx, sealer, sending));
  return key === undefined ? undefined : lockAttempt(tx, channel, key);
}

function record(tx: Tx, { id, number }: AttemptedRow, text: string, after: AfterReceipt, now: Date): void {
  if (after.kind === 'ignored') return;
  tx.send({
    name: 'record_receipt',
    text: 'update attempt set receipt = $3, receipt_at = $4 where notification_id = $1 and number = $2',
    values: [id, number, text, now.toISOString()],
  });
  if ('stateAfterResult' in after)
    tx.send({
      name: 'receipt_before_result',
      text: 'update notification set receipt = $2 where id = $1',
      values: [id, after.stateAfterResult],
    });
  else
    tx.send({
      name: 'state_by_receipt',
      text: 'update notification set state = $2, lease = null, leased_until = null where id = $1',
      values: [id, after.state],
    });
}

/**
 * Applies a receipt. One message a transaction: it holds no other lock while it waits for a sender that records many
 * results.
 */
export const applyReceipt = (
  { db, sealer, planner }: { db: Database; sealer: Sealer; planner: Planner },
  channel: KnownChannel,
  receipt: Receipt,
  now: Date,
): Promise<'applied' | 'ignored' | 'unknown'> =>
  db.transaction(async (tx) => {
    const row = await lockTarget(tx, sealer, channel, receipt);
    if (row === undefined) return receipt.isOurs ? 'unknown' : 'ignored';
    const { state, isOfLast, answered } = row;
    const after = afterReceipt(receipt.state, { state, isOfLast, isRunning: !answered });
    record(tx, row, withoutAnyContact(receipt.text), after, now);
    if (receipt.isUnreachable && after.kind === 'applied') {
      const { recipient_kind: kind, recipient_id, sent_at: sentAt } = row;
      const mail = { notificationId: row.id, kind, id: recipient_id, sentAt };
      await markUnreachable(tx, { planner, sealer }, mail, now);
    }
    return after.kind;
  });
