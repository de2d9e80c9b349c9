import type { MessageChannel } from '@lienthong/contracts/notification';

/** One message as a channel sends it. */
export interface OutgoingMessage {
  /** The message's key: the same at every attempt, so that a provider can recognise it. */
  id: string;
  /** Address, number, or for the webhook channel the id of the recipient; in clear, never to be logged. */
  to: string;
  title: string;
  body: string;
  language: 'vi' | 'en';
  /** For e-mail: ends mails like this one; holds a token. */
  unsubscribeUrl?: string | undefined;
  /** For the webhook channel: the receiver that replaces the province's own app. */
  endpoint?: Endpoint | undefined;
}

/** An agency's own receiver; in clear, never to be logged. */
export interface Endpoint {
  url: string;
  secret: string;
}

/**
 * The result of one attempt. `answer` is the provider's, for operators; it may contain the address, which is removed
 * before it is kept. `cause` is a short code for logs and metrics and contains nothing personal.
 */
export type SendResult =
  /** `providerId` is the provider's own id of the message; receipts may use it. */
  | { kind: 'sent'; answer: string; providerId?: string | undefined }
  /** May succeed later; after `retryAfterMs` when the provider requests that. */
  | { kind: 'retry'; answer: string; cause: string; retryAfterMs?: number | undefined }
  /** No attempt was made: due again after so long, as if it had not been claimed. */
  | { kind: 'untried'; afterMs: number }
  /**
   * Will never succeed: the address is wrong, or the provider does not take this message. `isUnreachable`: the address
   * takes no mail, now or later.
   */
  | { kind: 'refused'; answer: string; cause: string; isUnreachable?: boolean }
  /** The provider does not work, or refuses every message: this message is not at fault. */
  | { kind: 'unavailable'; answer: string; cause: string };

/** A way to send messages. */
export interface Channel {
  readonly kind: MessageChannel;
  /** Resolves to the results in the order of the messages; never throws. The signal ends it. */
  send(batch: readonly OutgoingMessage[], signal: AbortSignal): Promise<SendResult[]>;
  close(): Promise<void>;
}
