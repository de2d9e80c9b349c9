import type { MessageChannel } from '@lienthong/contracts/notification';

/** One message on its way out. */
export interface Outgoing {
  /** The message's key: the same whenever it is tried again, so that a provider may know it. */
  id: string;
  /** Address, number, or for the webhook channel the id of the recipient; in clear, never to be logged. */
  to: string;
  title: string;
  body: string;
  language: 'vi' | 'en';
  /** For the webhook channel: where it goes instead of the province's own app. */
  endpoint?: Endpoint | undefined;
}

/** An agency's own receiver; in clear, never to be logged. */
export interface Endpoint {
  url: string;
  secret: string;
}

/**
 * What became of one message. `answer` is the provider's, for operators; whoever keeps it takes the address out.
 * `providerId` is what its receipts may name it by.
 */
export type Sent =
  | { outcome: 'sent'; answer: string; providerId?: string | undefined }
  /** Not now, but perhaps later; after `retryAfterMs` when the provider says so. */
  | { outcome: 'retry'; answer: string; retryAfterMs?: number }
  /** It was not tried after all: due again after so long, as if nothing had been. */
  | { outcome: 'untried'; answer: string; afterMs: number }
  /** Never: the address is none, the message is not taken. */
  | { outcome: 'refused'; answer: string }
  /** The provider is not there or refuses everybody: says nothing about this message. */
  | { outcome: 'unavailable'; answer: string };

/** A way out. `send` answers every message in the order given and never throws; the signal bounds it. */
export interface Channel {
  readonly kind: MessageChannel;
  send(batch: readonly Outgoing[], signal: AbortSignal): Promise<Sent[]>;
  close(): Promise<void>;
}
