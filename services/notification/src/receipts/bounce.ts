import { NotificationState } from '@lienthong/contracts/notification';
import PostalMime, { type Attachment } from 'postal-mime';
import { domainOf, KEY_HEADER } from '../channels/email.ts';
import { answerLine } from '../channels/http-result.ts';
import { readMessageKey } from '../domain/message-key.ts';
import type { Receipt } from '../domain/receipt.ts';
import { isUnreachable } from '../domain/unreachable.ts';
import type { ReadReceipts } from './read.ts';

/** Header fields by lower-case name, in their order. */
type Fields = ReadonlyMap<string, readonly string[]>;

const STATUS_TYPES = ['message/delivery-status', 'message/global-delivery-status'];
const ORIGINAL_TYPES = ['message/rfc822', 'text/rfc822-headers', 'message/global', 'message/global-headers'];
const NO_RECEIPT: ReadReceipts = { ok: true, receipts: [], unusable: 1 };

/**
 * The receipt in a delivery status notification (RFC 3464) about a mail of this service; any other mail is no receipt.
 * The mail is recognised by its key: in our header of the returned mail, in its Message-ID, in the envelope id (RFC 3461)
 * or in what the notification replies to. A relay may have replaced all of these; then the relay's queue id counts, and
 * last the recipient and the time of sending.
 *
 * @param sender the address of MAIL_FROM
 */
export async function readBounce(mail: string, sender: string): Promise<ReadReceipts> {
  const { attachments, headers } = await PostalMime.parse(mail, {
    attachmentEncoding: 'utf8',
    forceRfc822Attachments: true,
  });
  const [perMessage, ...perRecipient] = partsOf(attachments, STATUS_TYPES).flatMap((text) =>
    text.split(/\r?\n[ \t]*\r?\n/).map(readFields),
  );
  const state = stateOf(perRecipient.flatMap((fields) => fields.get('action') ?? []));
  if (perMessage === undefined || state === undefined) return NO_RECEIPT;
  const original = readFields(partsOf(attachments, ORIGINAL_TYPES)[0]?.split(/\r?\n\r?\n/)[0] ?? '');
  const notification = new Map(headers.map(({ key, value }) => [key, [value]]));

  const ids = [
    ...all(original, 'message-id'),
    ...all(notification, 'in-reply-to', 'references').flatMap((value) => value.split(/\s+/)),
  ];
  const keys = [
    ...all(original, KEY_HEADER.toLowerCase()),
    ...ids
      .filter((id) => domainOf(id).toLowerCase() === `${domainOf(sender).toLowerCase()}>`)
      .map(localPartOf),
    ...all(perMessage, 'original-envelope-id'),
  ].filter((key) => readMessageKey(key) !== undefined);
  const queueIds = [
    ...all(perMessage, 'x-postfix-queue-id'),
    ...ids.map(localPartOf),
    ...all(original, 'received').flatMap((value) => /\bid ([\w.-]+)/i.exec(value)?.[1] ?? []),
  ].filter((id) => /^[\w.-]{6,200}$/.test(id));
  const isOurs = keys.length > 0 || all(original, 'from').some((from) => includesAddress(from, sender));
  if (!isOurs && queueIds.length === 0) return NO_RECEIPT;

  const last = perRecipient.findLast((fields) => fields.has('action')) ?? perMessage;
  const [why = ''] = [...all(last, 'diagnostic-code'), ...all(last, 'status')];
  const receipt: Receipt = {
    refs: [...new Set([...keys, ...queueIds])],
    isOurs,
    state,
    text: answerLine(why),
    isUnreachable:
      state === NotificationState.FAILED &&
      isUnreachable([...all(last, 'status'), ...all(last, 'diagnostic-code')].join(' ')),
    sending: isOurs ? sendingOf(original, last) : undefined,
  };
  return { ok: true, unusable: 0, receipts: [receipt] };
}

const partsOf = (attachments: readonly Attachment[], types: readonly string[]): string[] =>
  attachments
    .filter(({ mimeType }) => types.includes(mimeType.toLowerCase()))
    .map(({ content }) => String(content));

/** An alias leads to several recipients; one failure counts. */
function stateOf(actions: readonly string[]): Receipt['state'] | undefined {
  const given = new Set(actions.map((action) => action.toLowerCase()));
  if (given.has('failed')) return NotificationState.FAILED;
  return given.has('delivered') ? NotificationState.DELIVERED : undefined;
}

function sendingOf(original: Fields, recipient: Fields): Receipt['sending'] {
  const [to] = [...all(recipient, 'original-recipient'), ...all(recipient, 'final-recipient')];
  const at = new Date(all(original, 'date')[0] ?? '');
  const address = /^rfc822;\s*<?([^<>\s]+)>?$/i.exec(to ?? '')?.[1];
  return address === undefined || Number.isNaN(at.getTime()) ? undefined : { address, at };
}

function readFields(text: string): Fields {
  const fields = new Map<string, string[]>();
  // A line that begins with a blank continues the one before.
  for (const line of text.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const [, name, value = ''] = /^([\w-]+):[ \t]*(.*)$/.exec(line) ?? [];
    if (name === undefined) continue;
    const key = name.toLowerCase();
    fields.set(key, [...(fields.get(key) ?? []), value.trim()]);
  }
  return fields;
}

const all = (fields: Fields, ...names: readonly string[]): string[] =>
  names.flatMap((name) => fields.get(name) ?? []);

const localPartOf = (id: string): string => id.slice(id.startsWith('<') ? 1 : 0, id.lastIndexOf('@'));

const includesAddress = (header: string, address: string): boolean =>
  (header.match(/[^\s<>"(),;:]+@[^\s<>"(),;:]+/g) ?? []).some(
    (one) => one.toLowerCase() === address.toLowerCase(),
  );
