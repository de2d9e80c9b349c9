import { NotificationState } from '@lienthong/contracts/notification';

/** A provider's report about a message, some time after it took the message. */
export interface Receipt {
  /** What may name the message, the most certain first: its key, or the provider's own id. */
  refs: readonly string[];
  /** The receipt is about a message of this service, even if that message is not found. */
  isOurs: boolean;
  state: typeof NotificationState.DELIVERED | typeof NotificationState.FAILED;
  /** The provider's words; may contain the contact. */
  text: string;
  /** The address takes no mail, now or later. */
  isUnreachable?: boolean;
  /** Of a mail: the recipient's address, and when it was sent. */
  sending?: { address: string; at: Date } | undefined;
}

/** A message when a receipt for one of its attempts arrives. */
export interface ReceiptTarget {
  state: NotificationState;
  /** The receipt is for the last attempt. */
  isOfLast: boolean;
  /** The last attempt has no result yet: it is running, or its process died. */
  isRunning: boolean;
}

export type AfterReceipt =
  /** Recorded with the attempt; the message takes this state. */
  | { kind: 'applied'; state: NotificationState }
  /** Recorded with the attempt; the message takes this state when the result of the attempt is recorded. */
  | { kind: 'applied'; stateAfterResult: typeof NotificationState.FAILED }
  /** Adds nothing to what is known. */
  | { kind: 'ignored' };

const { PENDING, SENT, DELIVERED, FAILED } = NotificationState;
const IGNORED: AfterReceipt = { kind: 'ignored' };

/**
 * A state never goes backwards: a delivered message stays delivered, and one that arrives after it was given up becomes
 * delivered. A failure counts for the last attempt only: a message that an operator resent has another one.
 */
export function afterReceipt(
  reported: Receipt['state'],
  { state, isOfLast, isRunning }: ReceiptTarget,
): AfterReceipt {
  if (reported === DELIVERED) {
    // It arrived before the result of the attempt was recorded: it is not sent again.
    if (state === PENDING) return isOfLast && isRunning ? { kind: 'applied', state: DELIVERED } : IGNORED;
    return state === SENT || state === FAILED ? { kind: 'applied', state: DELIVERED } : IGNORED;
  }
  if (!isOfLast) return IGNORED;
  if (state === PENDING) return isRunning ? { kind: 'applied', stateAfterResult: FAILED } : IGNORED;
  return state === SENT ? { kind: 'applied', state: FAILED } : IGNORED;
}
