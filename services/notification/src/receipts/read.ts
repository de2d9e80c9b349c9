import { NotificationState } from '@lienthong/contracts/notification';
import type { ChannelSettings } from '../channels/config.ts';
import { answerLine } from '../channels/http-result.ts';
import { referenceAt, textAt, valueAt } from '../channels/json-path.ts';
import type { Receipt } from '../domain/receipt.ts';

/** One call of a provider. */
export interface ReceiptCall {
  query: Readonly<Record<string, string>>;
  contentType: string;
  body: string;
}

export type ReadReceipts =
  | { ok: true; receipts: readonly Receipt[]; unusable: number }
  | { ok: false; problem: string };

const MOST = 1_000;

/**
 * The receipts of a call; the settings give their places. `unusable` counts those that report neither delivery nor
 * failure, or name no message.
 */
export function readSmsReceipts(settings: ChannelSettings, call: ReceiptCall): ReadReceipts {
  const given = contentOf(call);
  if (given === undefined) return { ok: false, problem: 'the body is not JSON' };
  const list = settings.SMS_RECEIPT_LIST === undefined ? [given] : valueAt(given, settings.SMS_RECEIPT_LIST);
  if (!Array.isArray(list)) return { ok: false, problem: `there is no list at ${settings.SMS_RECEIPT_LIST}` };
  if (list.length > MOST) return { ok: false, problem: `there are more than ${MOST} receipts` };
  const receipts = list.flatMap((one) => receiptOf(settings, one) ?? []);
  return { ok: true, receipts, unusable: list.length - receipts.length };
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
  const text = answerLine(reason ? `${status}: ${reason}` : status);
  const is = (values: readonly string[]) =>
    values.some((value) => value.toLowerCase() === status.toLowerCase());
  const receipt = { refs: [ref], isOurs: true, text };
  if (is(settings.SMS_RECEIPT_DELIVERED)) return { ...receipt, state: NotificationState.DELIVERED };
  if (is(settings.SMS_RECEIPT_FAILED)) return { ...receipt, state: NotificationState.FAILED };
  return undefined;
}

/** The receipt of the province's own app: `{"type":"notification.delivered","data":{"id":"…"}}`, or `notification.failed`. */
export function readAppReceipt({ body }: ReceiptCall): ReadReceipts {
  let given: unknown;
  try {
    given = JSON.parse(body);
  } catch {
    return { ok: false, problem: 'the body is not JSON' };
  }
  const ref = referenceAt(given, 'data.id');
  const state = APP_TYPES.get(textAt(given, 'type') ?? '');
  if (ref === undefined || state === undefined)
    return {
      ok: false,
      problem: 'type must be notification.delivered or notification.failed, and data.id the id of a message',
    };
  const reason = textAt(given, 'data.reason');
  const text = answerLine(reason ?? (state === NotificationState.DELIVERED ? 'delivered' : 'failed'));
  return { ok: true, unusable: 0, receipts: [{ refs: [ref], isOurs: true, state, text }] };
}

const APP_TYPES = new Map<string, Receipt['state']>([
  ['notification.delivered', NotificationState.DELIVERED],
  ['notification.failed', NotificationState.FAILED],
]);
