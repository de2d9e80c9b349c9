import { NotificationState } from '@lienthong/contracts/notification';

/** What a provider says of a message some time after it took it. */
export interface Receipt {
  /** The message's key, or the provider's own id of it. */
  ref: string;
  said: typeof NotificationState.DELIVERED | typeof NotificationState.FAILED;
  /** As the provider put it; may name the contact. */
  text: string;
}

/** A message when a receipt of one of its tries comes. */
export interface Standing {
  state: NotificationState;
  /** The receipt is of the last try. */
  ofLast: boolean;
  /** The last try has no answer yet: it is being made, or the process that made it died. */
  underWay: boolean;
}

export type AfterReceipt =
  /** Kept with the try; the message is in this state from now on. */
  | { outcome: 'applied'; state: NotificationState }
  /** Kept with the try: the state comes when the answer of the try is written down. */
  | { outcome: 'applied'; once: typeof NotificationState.FAILED }
  /** Says nothing new, or what was said better before. */
  | { outcome: 'ignored' };

const { PENDING, SENT, DELIVERED, FAILED } = NotificationState;
const IGNORED: AfterReceipt = { outcome: 'ignored' };

/**
 * Nothing goes backwards: what has arrived stays delivered, whatever is said later; what arrived after it was given up
 * is delivered. A failure counts only of the last try; what an operator has sent again since is another try.
 */
export function afterReceipt(said: Receipt['said'], { state, ofLast, underWay }: Standing): AfterReceipt {
  if (said === DELIVERED) {
    // Arrived before its answer was written down: it is not sent again.
    if (state === PENDING) return ofLast && underWay ? { outcome: 'applied', state: DELIVERED } : IGNORED;
    return state === SENT || state === FAILED ? { outcome: 'applied', state: DELIVERED } : IGNORED;
  }
  if (!ofLast) return IGNORED;
  if (state === PENDING) return underWay ? { outcome: 'applied', once: FAILED } : IGNORED;
  return state === SENT ? { outcome: 'applied', state: FAILED } : IGNORED;
}
