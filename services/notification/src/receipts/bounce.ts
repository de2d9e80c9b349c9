import { NotificationState } from '@lienthong/contracts/notification';
import { answerOf } from '../channels/answer.ts';
import { readMessageKey } from '../domain/message-key.ts';
import type { Receipt } from '../domain/receipt.ts';
import type { ReadReceipts } from './read.ts';

const ACTIONS = new Map<string, Receipt['said']>([
  ['failed', NotificationState.FAILED],
  ['delivered', NotificationState.DELIVERED],
]);

/**
 * What a delivery status notification (RFC 3464) says of a mail of ours, which is known by the Message-ID it returns.
 * Whatever else comes to the sender's mailbox says nothing, as does one whose parts are encoded.
 *
 * @param domain of our Message-IDs; the notification has one of its own.
 */
export function readBounce(mail: string, domain: string): ReadReceipts {
  // A header goes on in the lines that begin with a blank.
  const text = mail.replace(/\r?\n[ \t]+/g, ' ');
  const said = ACTIONS.get(headers(text, 'action').at(-1)?.toLowerCase() ?? '');
  const ref = headers(text, 'message-id').findLast((id) => isOurs(id, domain));
  if (said === undefined || ref === undefined) return { ok: true, receipts: [], without: 1 };
  const why = headers(text, 'diagnostic-code').at(-1) ?? headers(text, 'status').at(-1) ?? '';
  return { ok: true, without: 0, receipts: [{ ref: keyOf(ref), said, text: answerOf(why) }] };
}

const headers = (text: string, name: string): string[] =>
  [...text.matchAll(new RegExp(`^${name}:[ \\t]*([^\\r\\n]*)`, 'gim'))].map(([, value = '']) => value.trim());

const keyOf = (id: string): string => id.slice(1, id.lastIndexOf('@'));
const isOurs = (id: string, domain: string): boolean =>
  id.startsWith('<') &&
  id.toLowerCase().endsWith(`@${domain.toLowerCase()}>`) &&
  readMessageKey(keyOf(id)) !== undefined;
