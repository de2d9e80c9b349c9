import type { ListenTls, Worker } from '@lienthong/kit';
import type { Dossier } from '../domain/dossier/state.ts';
import { paymentCallbacks } from './callbacks.ts';
import { createPaymentChecks } from './checks.ts';
import { httpPaymentProvider } from './http-provider.ts';
import { linkOf } from './link.ts';
import type { PaymentLink } from './provider.ts';
import type { PaymentDeps } from './receive.ts';
import type { PaymentSettings } from './settings.ts';

export interface Payments {
  /** The provider's name. */
  name: string;
  /** As `linkOf` in `link.ts`. */
  linkOf(dossier: Dossier): Promise<PaymentLink>;
  workers: readonly Worker[];
}

/** Payments through a provider; undefined when the settings have none. */
export function composePayments(
  settings: PaymentSettings,
  deps: Omit<PaymentDeps, 'provider'>,
  tls: ListenTls,
): Payments | undefined {
  const { PAYMENT_URL, PAYMENT_NAME, PAYMENT_LISTEN, PAYMENT_CALLBACK_SECRETS, PAYMENT_CHECK_S } = settings;
  if (PAYMENT_URL === undefined) return undefined;
  if (PAYMENT_NAME === undefined)
    throw new Error('PAYMENT_URL needs PAYMENT_NAME: how citizens know the provider');
  if (PAYMENT_LISTEN !== undefined && PAYMENT_CALLBACK_SECRETS === undefined)
    throw new Error('PAYMENT_LISTEN needs PAYMENT_CALLBACK_SECRETS: what reports are signed with');
  const provider = httpPaymentProvider({ ...settings, PAYMENT_URL, PAYMENT_NAME }, deps.clock);
  const payments = { ...deps, provider };
  return {
    name: provider.name,
    linkOf: (dossier) => linkOf(payments, dossier, PAYMENT_CHECK_S),
    workers: [
      createPaymentChecks(payments, settings),
      ...(PAYMENT_LISTEN && PAYMENT_CALLBACK_SECRETS
        ? [paymentCallbacks(payments, PAYMENT_LISTEN, tls, PAYMENT_CALLBACK_SECRETS)]
        : []),
      { name: 'payment provider', start: async () => {}, stop: async () => provider.close() },
    ],
  };
}
