/** What the platform needs of a payment provider. `http-provider.ts` is the one implementation. */
import type { Report } from './report.ts';

export interface NewPayment {
  /** The provider's idempotency key: created twice it is one payment with one link. */
  id: string;
  amountVnd: number;
  dossierCode: string;
}

export interface PaymentLink {
  /** https. */
  url: string;
  /** Null: the provider gives no end. */
  expiresAt: Date | null;
}

export type ProviderResult<T> =
  | { ok: true; value: T }
  /** `cause` is for logs and metrics; it names no payment and no person. */
  | { ok: false; cause: string; retryAfterMs: number };

export interface PaymentProvider {
  /** For citizens and staff. */
  name: string;
  /** Never rejects. */
  create(payment: NewPayment): Promise<ProviderResult<PaymentLink>>;
  /** Never rejects. Undefined: the provider knows no such payment. */
  check(paymentId: string): Promise<ProviderResult<Report | undefined>>;
  /** How long it is left alone after a failure, in ms; 0 when it is not. */
  pausedMs(): number;
  close(): void;
}
