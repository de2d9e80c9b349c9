import { NotificationState } from '@lienthong/contracts/notification';
import { answerOf } from '../channels/answer.ts';
import type { ChannelSettings } from '../channels/config.ts';
import { referenceAt, textAt, valueAt } from '../channels/json-path.ts';
import type { Receipt } from '../domain/receipt.ts';

/** One call of a provider, its query and form already taken apart. */
export interface ReceiptCall {
  query: Readonly<Record<string, string>>;
  contentType: string;
  body: string;
}

export type ReadReceipts =
  | { ok: true; receipts: readonly Receipt[]; without: number }
  | { ok: false; problem: string };

const MOST = 1_000;

/**
 * The receipts of a call, as the settings say where they are; `without` counts those that say neither delivered nor
 * failed, or name no message.
 */
export function readSmsReceipts(settings: ChannelSettings, call: ReceiptCall): ReadReceipts {
  const given = contentOf(call);
  if (given === undefined) return { ok: false, problem: 'the body is not JSON' };
  const list = settings.SMS_RECEIPT_LIST === undefined ? [given] : valueAt(given, settings.SMS_RECEIPT_LIST);
  if (!Array.isArray(list)) return { ok: false, problem: `there is no list at ${settings.SMS_RECEIPT_LIST}` };
  if (list.length > MOST) return { ok: false, problem: `there are more than ${MOST} receipts` };
  const receipts = list.flatMap((one) => receiptOf(settings, one) ?? []);
  return { ok: true, receipts, without: list.length - receipts.length };
}

function contentOf({ query, contentType, body }: ReceiptCall): unknown {
  if (body === '') return query;
  if (/^application\/x-www-form-urlencoded\b/i.test(contentType))
    return Object.fromEntries(new URLSearchParams(body));
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function receiptOf(settings: ChannelSettings, one: unknown): Receipt | undefined {
  const ref = referenceAt(one, settings.SMS_RECEIPT_ID);
  const status = textAt(one, settings.SMS_RECEIPT_STATUS)?.trim();
  if (ref === undefined || status === undefined) return undefined;
  const reason = settings.SMS_RECEIPT_REASON && textAt(one, settings.SMS_RECEIPT_REASON);
  const text = answerOf(reason ? `${status}: ${reason}` : status);
  const is = (values: readonly string[]) =>
    values.some((value) => value.toLowerCase() === status.toLowerCase());
  if (is(settings.SMS_RECEIPT_DELIVERED)) return { ref, said: NotificationState.DELIVERED, text };
  if (is(settings.SMS_RECEIPT_FAILED)) return { ref, said: NotificationState.FAILED, text };
  return undefined;
}

/** What the province's own app says: `{"type":"notification.delivered","data":{"id":"…"}}`, or `notification.failed`. */
export function readAppReceipt({ body }: ReceiptCall): ReadReceipts {
  let given: unknown;
  try {
    given = JSON.parse(body);
  } catch {
    return { ok: false, problem: 'the body is not JSON' };
  }
  const ref = referenceAt(given, 'data.id');
  const said = APP_TYPES.get(textAt(given, 'type') ?? '');
  if (ref === undefined || said === undefined)
    return {
      ok: false,
      problem: 'type must be notification.delivered or notification.failed, data.id a message',
    };
  const reason = textAt(given, 'data.reason');
  const text = answerOf(reason ?? (said === NotificationState.DELIVERED ? 'delivered' : 'failed'));
  return { ok: true, without: 0, receipts: [{ ref, said, text }] };
}

const APP_TYPES = new Map<string, Receipt['said']>([
  ['notification.delivered', NotificationState.DELIVERED],
  ['notification.failed', NotificationState.FAILED],
]);
